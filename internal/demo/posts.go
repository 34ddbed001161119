package demo

import (
	"strings"
	"time"

	"anlan/internal/sl651"
)

// task is what a gauging station of the demo is there for.
type task int

const (
	onHill task = iota // it tells rain only
	onRiver
	onDam
)

// post is a gauging station of the demo; every one tells rain. Levels are in millimetres.
type post struct {
	task           task
	county, zh, en string
	base, limit    int64 // the level before the storms; 警戒水位, or of a reservoir what its level is held against at first
	// rise is what the level rises by until the typhoon's flood is at its height.
	rise    float64
	dam     int64 // object of the reservoir
	storage int64 // total, in 1,000 m³
	address sl651.Address
}

// river is a station on a river, of so many millimetres between its usual level and 警戒, that reaches it so long after the demo begins;
// never where after is negative.
func river(county, zh, en string, base, limit int64, after time.Duration) post {
	p := post{task: onRiver, county: county, zh: zh + "站", en: en, base: base, limit: limit, rise: 0.8 * float64(limit-base)}
	if after >= 0 {
		p.rise = float64(limit-base) / swell(after)
	}
	return p
}

const never = -time.Second

// posts are the stations on rivers and hills, with addresses in their order. Places and figures are made up, names are those of towns.
func posts() []post {
	const m, s = time.Minute, time.Second
	list := []post{
		river("330602", "越城", "Yuecheng", 4_000, 4_900, 45*s),
		river("330603", "平水", "Pingshui", 12_300, 13_600, 8*m),
		hill("330603", "王化", "Wanghua"),
		river("330604", "上虞东", "Shangyu east", 5_200, 6_800, 95*s),
		hill("330604", "汤浦", "Tangpu"),
		river("330624", "新昌", "Xinchang", 38_700, 40_500, 0),
		hill("330624", "巧英", "Qiaoying"),
		river("330681", "诸暨", "Zhuji", 8_500, 10_600, 40*s),
		hill("330681", "陈蔡", "Chencai"),
		river("330683", "嵊州", "Shengzhou", 13_900, 15_800, 75*s),
		hill("330683", "长乐", "Changle"),
		river("330600-BH", "滨海闸上", "Binhai sluice", 3_600, 4_300, 150*m),
		river("330602", "东湖", "Donghu", 3_900, 4_700, never),
		river("330602", "斗门", "Doumen", 3_800, 4_500, 55*m),
		river("330603", "兰亭", "Lanting", 14_200, 15_700, 25*m),
		river("330603", "夏履", "Xialü", 9_800, 11_400, never),
		river("330603", "王坛", "Wangtan", 41_300, 43_100, 100*s),
		river("330604", "章镇", "Zhangzhen", 8_900, 10_700, 3*m),
		river("330604", "丰惠", "Fenghui", 6_100, 7_400, 120*m),
		river("330624", "澄潭", "Chengtan", 46_900, 48_900, 30*s),
		river("330624", "镜岭", "Jingling", 112_000, 114_200, 0),
		river("330624", "沙溪", "Shaxi", 128_400, 130_300, 12*m),
		river("330681", "枫桥", "Fengqiao", 11_000, 12_600, 40*m),
		river("330681", "牌头", "Paitou", 16_300, 17_900, never),
		river("330681", "店口", "Diankou", 6_900, 8_600, 90*m),
		river("330683", "黄泽", "Huangze", 20_800, 22_500, 5*m),
		river("330683", "甘霖", "Ganlin", 19_500, 21_200, 18*m),
		river("330683", "三界", "Sanjie", 9_400, 11_300, 70*m),
		river("330683", "石璜", "Shihuang", 24_700, 26_200, never),
	}
	for _, h := range []string{
		"330602 富盛 Fusheng", "330603 稽东 Jidong", "330603 漓渚 Lizhu", "330604 下管 Xiaguan", "330604 岭南 Lingnan", "330604 陈溪 Chenxi",
		"330624 回山 Huishan", "330624 小将 Xiaojiang", "330624 儒岙 Ru'ao", "330681 马剑 Majian", "330681 东白湖 Dongbaihu",
	} {
		part := strings.Fields(h)
		list = append(list, hill(part[0], part[1], part[2]))
	}
	for i := range list {
		list[i].address = addressOf(i)
	}
	return list
}

func hill(county, zh, en string) post {
	return post{county: county, zh: zh + "雨量站", en: en + " rain"}
}

func addressOf(n int) sl651.Address { return sl651.Address{0, 0x61, 0, 0x20, byte(n + 1)} }

// damPost is the station of a reservoir: the first few come above their flood limit while one watches, most stay below.
func damPost(n int, county, name string, object, storage int64) post {
	p := post{
		task: onDam, county: county, zh: strings.TrimSuffix(name, "水库") + "水库站", dam: object, storage: storage,
		limit: int64(between(38, 210, "dam", n)) * 1000, address: addressOf(len(posts()) + n),
	}
	p.base = p.limit - int64(between(900, 2600, "room", n))
	after := []time.Duration{50 * time.Second, 0, 6 * time.Minute, 35 * time.Minute, 2 * time.Hour}
	p.rise = 0.7 * float64(p.limit-p.base)
	if n < len(after) {
		p.rise = float64(p.limit-p.base) / swell(after[n])
	}
	return p
}
