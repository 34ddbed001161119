import { words } from '@/lib/words'

export default words({
  zh: { gaugeBucket: { title: '逐时逐日与极值', hour: '逐时', day: '逐日（8 时起）', from: '时段', mean: '平均', sum: '累计', least: '最低', most: '最高', at: '时间', counted: '有效个数', doubted: '存疑', none: '此时段没有观测值', top: '最高 {v} {u}（{at}）', bottom: '最低 {v} {u}（{at}）', total: '累计 {v} mm' } },
  en: { gaugeBucket: { title: 'By hour, by day, and extremes', hour: 'Hours', day: 'Days (from 08:00)', from: 'Time', mean: 'Mean', sum: 'Sum', least: 'Least', most: 'Greatest', at: 'At', counted: 'Counted', doubted: 'Doubted', none: 'There is no reading in this time', top: 'greatest {v} {u} ({at})', bottom: 'least {v} {u} ({at})', total: '{v} mm in all' } },
})
