/** What a browser says of itself, in as few words as tell two apart. */

const browsers: [RegExp, string][] = [
  [/MicroMessenger\//, 'WeChat'],
  [/DingTalk\//, 'DingTalk'],
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/QQBrowser\//, 'QQ Browser'],
  [/Firefox\//, 'Firefox'],
  [/(Headless)?Chrom(e|ium)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
  [/^curl\//, 'curl'],
]

const systems: [RegExp, string][] = [
  [/HarmonyOS|OpenHarmony/, 'HarmonyOS'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
]

const first = (list: readonly [RegExp, string][], text: string): string => list.find(([form]) => form.test(text))?.[1] ?? ''

/** "Chrome · Windows"; the first word of the text where nothing is known, "" where nothing was said. */
export function browserName(agent: string): string {
  const known = [first(browsers, agent), first(systems, agent)].filter(Boolean).join(' · ')
  return known || agent.split(/[\s/]/)[0] || ''
}
