package workbook

import (
	"strings"

	"anlan/internal/quantity"
)

// unitWord is a spelling of a unit in office tables.
type unitWord struct{ word, code string }

// unitWords lists the spellings beside the units' own names, longest first where one ends another.
func unitWords() []unitWord {
	return []unitWord{
		{"个百分点", "point"},
		{"百分点", "point"},
		{"%", "percent"},
		{"亿立方米", "yi_m3"},
		{"亿m3", "yi_m3"},
		{"亿m³", "yi_m3"},
		{"亿方", "yi_m3"},
		{"万立方米", "wan_m3"},
		{"万立方", "wan_m3"},
		{"万m3", "wan_m3"},
		{"万m³", "wan_m3"},
		{"万方", "wan_m3"},
		{"m3/万元", "m3_per_wan_yuan"},
		{"m³/万元", "m3_per_wan_yuan"},
		{"立方米/万元", "m3_per_wan_yuan"},
		{"立方米/秒", "m3s"},
		{"m3/s", "m3s"},
		{"m³/s", "m3s"},
		{"立方米", "m3"},
		{"m3", "m3"},
		{"m³", "m3"},
		{"方", "m3"},
		{"亿元", "yi_yuan"},
		{"万元", "wan_yuan"},
		{"元", "yuan"},
		{"万人", "wan_person"},
		{"人", "person"},
		{"公里", "km"},
		{"千米", "km"},
		{"km", "km"},
		{"米", "m"},
		{"m", "m"},
		{"万亩", "wan_mu"},
		{"亩", "mu"},
		{"分钟", "minute"},
		{"小时", "hour"},
		{"天", "day"},
		{"日", "day"},
		{"个项目", "project"},
		{"个断面", "section"},
		{"个村", "village"},
		{"个县", "county"},
		{"个组", "team"},
		{"项", "item"},
		{"个", "piece"},
		{"处", "works"},
		{"座", "reservoir"},
		{"条", "river"},
		{"次", "time"},
		{"位", "rank"},
		{"村", "village"},
		{"件", "document"},
		{"份", "document"},
		{"断面", "section"},
		{"县", "county"},
		{"户", "household"},
		{"分", "score"},
	}
}

// UnitOfWord finds the unit that a word in a heading or behind a figure names: "万元", "亿m³", "％".
func UnitOfWord(word string) (quantity.Unit, bool) {
	w := strings.ToLower(foldWidth(strings.ReplaceAll(word, " ", "")))
	for _, u := range unitWords() {
		if u.word == w {
			return quantity.UnitOf(u.code)
		}
	}
	return quantity.Unit{}, false
}

// foldWidth writes full-width digits, letters and punctuation in their ASCII forms, and every dash before a figure as "-".
func foldWidth(s string) string {
	narrow := true
	for i := 0; i < len(s) && narrow; i++ {
		narrow = s[i] < 0x80
	}
	if narrow {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E:
			return r - 0xFEE0
		case r == 0x3000, r == 0xA0, r == 0x202F, r >= 0x2000 && r <= 0x200A:
			return ' '
		case r == 0x2212, r == 0x2013, r == 0x2012, r == 0xFE63:
			return '-'
		case r == 0x200B, r == 0xFEFF:
			return -1
		}
		return r
	}, s)
}

// Fold writes a text with full-width ASCII, odd blanks and odd dashes in their plain forms.
func Fold(s string) string { return foldWidth(s) }
