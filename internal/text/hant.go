package text

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// hantKept are simplified characters that the table pairs with a traditional one and that traditional texts use too, alone
// or in most words.
const hantKept = "了曲症沈霉姜里只面干系松谷范台回向蒙胡采布致制占家仆合表板秋千困欲咸昆抬它你他祂才周注托志卷升游冬郁巨吃岩炮群床峰杯吁征累仇卜模熏唇借丑苏岳伫眯僵痹弦秘污淡梁朵瑶佩庵漓泄凄涌苎扎栗"

// hantChosen are the traditional characters of those that the table gives several.
const hantChosen = "为為众眾尽盡冲衝汇匯历歷发發叙敘叹嘆启啟当當团團坛壇墙牆复複尝嘗并並弥彌径徑湿濕烟煙窑窯竖豎签簽线線绣繡脏髒药藥获獲蕴蘊说說赞讚鉴鑑钟鐘铺鋪链鏈闲閒阅閱须須饥飢鸡雞锈鏽兹茲艳豔酝醞后後于於准準"

// hant maps simplified characters to traditional ones.
var hant = sync.OnceValue(func() map[rune]rune {
	m, several := map[rune]rune{}, map[rune]bool{}
	for _, pair := range strings.Fields(traditional) {
		p := []rune(pair)
		if _, ok := m[p[1]]; ok {
			several[p[1]] = true
		}
		m[p[1]] = p[0]
	}
	for s := range several {
		delete(m, s)
	}
	for _, s := range hantKept {
		delete(m, s)
	}
	for s := hantChosen; s != ""; {
		a, n := utf8.DecodeRuneInString(s)
		b, k := utf8.DecodeRuneInString(s[n:])
		m[a], s = b, s[n+k:]
	}
	return m
})

// Hant writes simplified Chinese in traditional characters, one by one and without a dictionary: a character that
// traditional texts write in two ways (发, 干, 里) gets the commoner one everywhere. It makes inputs for tests of what must
// understand both scripts and is never shown. Fold takes back all that it changes.
func Hant(s string) string {
	m := hant()
	return strings.Map(func(r rune) rune {
		if t, ok := m[r]; ok {
			return t
		}
		return r
	}, s)
}
