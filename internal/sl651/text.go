package sl651

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Text reads what a station sends as text, in whatever coding it has: as ASCII, as UTF-8 where the bytes are that and have a character of three
// bytes, as all of Chinese, and else as GB 18030: two bytes of that are often two of UTF-8 too.
func Text(b []byte) string {
	ascii := !bytes.ContainsFunc(b, func(r rune) bool { return r >= utf8.RuneSelf })
	chinese := utf8.Valid(b) && bytes.ContainsFunc(b, func(r rune) bool { return r >= 0x800 })
	if !ascii && !chinese {
		if decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b); err == nil {
			return string(decoded)
		}
	}
	return string(b)
}
