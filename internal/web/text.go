package web

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"anlan/internal/fault"
)

// plainText refuses an address that holds a NUL or bytes that are no UTF-8: no name or code does, and PostgreSQL takes neither.
func plainText(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ok := isText(r.URL.Path)
		for name, values := range r.URL.Query() {
			ok = ok && isText(name) && !slices.ContainsFunc(values, func(v string) bool { return !isText(v) })
		}
		if !ok {
			writeProblem(w, problemOf(fault.Invalidf("request.text", "地址中含有无效字符", "the address holds characters that are not valid text")))
			return
		}
		next.ServeHTTP(w, r)
	})
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
