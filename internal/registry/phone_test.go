package registry_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"anlan/internal/fault"
	"anlan/internal/registry"
)

func TestParsePhone(t *testing.T) {
	f := func(text, want, masked string) {
		t.Helper()
		p, err := registry.ParsePhone(text)
		if err != nil || p.Reveal() != want || p.String() != masked {
			t.Errorf("%q: %q shown as %q, %v", text, p.Reveal(), p, err)
		}
	}
	f("13800138000", "13800138000", "138****8000")
	f(" 138 0013 8000 ", "13800138000", "138****8000")
	f("+86 138-0013-8000", "13800138000", "138****8000")
	f("0086 13800138000", "13800138000", "138****8000")
	f("１３８００１３８０００", "13800138000", "138****8000")
	f("0575-85131234", "0575-85131234", "0575-****234")
	f("（0575）85131234", "0575-85131234", "0575-****234")
	f("057585131234—801", "0575-85131234-801", "0575-****234")
	f("010 65201234", "010-65201234", "010-****234")
	f("661234", "661234", "****34")
	f("", "", "")
	f("  ", "", "")

	refuse := func(text string) {
		t.Helper()
		if p, err := registry.ParsePhone(text); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: taken as %q, %v", text, p.Reveal(), err)
		}
	}
	refuse("1380013800")
	refuse("23800138000")
	refuse("张三")
	refuse("13800138000, 13900139000")
	refuse("——")
	refuse("12")
}

func TestPhoneIsMaskedWhereverItIsPrinted(t *testing.T) {
	p := registry.Person{Name: "王", Phone: "13800138000"}
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{string(b), fmt.Sprint(p), fmt.Sprintf("%+v %s", p, p.Phone)} {
		if strings.Contains(shown, "0013") {
			t.Errorf("the number shows in %s", shown)
		}
	}
}

func FuzzParsePhone(f *testing.F) {
	for _, s := range []string{"13800138000", "+86 138-0013-8000", "（0575）85131234—801", "661234", "——", "０"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := registry.ParsePhone(text)
		if err != nil {
			return
		}
		again, err := registry.ParsePhone(p.Reveal())
		if err != nil || again != p {
			t.Errorf("%q reads as %q, which reads as %q, %v", text, p.Reveal(), again.Reveal(), err)
		}
		if p != "" && p.String() == p.Reveal() {
			t.Errorf("%q is not masked", text)
		}
	})
}
