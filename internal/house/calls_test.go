package house

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"
)

// clockReaders are the folders that may ask what time it is; everywhere else the instant is an argument.
var clockReaders = []string{"cmd", "internal/app", "internal/web", "internal/store", "internal/demo", "internal/identity"}

// bans are names of other packages that may not be used, by folder.
var bans = []struct {
	names  []string
	only   []string // the folders that may; empty where nobody may
	reason string
}{
	{[]string{"time.Now", "time.Since", "time.Until", "time.Sleep", "time.After", "time.NewTimer", "time.NewTicker"}, clockReaders, "a judgement can be replayed only where the instant is an argument"},
	{[]string{"time.Local"}, nil, "the zone of the machine is nobody's zone: hydrotime.Beijing or UTC"},
	{[]string{"time.LoadLocation"}, []string{"internal/hydrotime"}, "Asia/Shanghai has summer time from 1986 to 1991: zones live in hydrotime"},
	{[]string{"os.Exit", "log.Fatal", "log.Fatalf"}, []string{"cmd"}, "only a command ends the program"},
	{[]string{"os.Getenv", "os.LookupEnv", "os.Environ"}, []string{"cmd", "internal/app", "internal/store/storetest"}, "configuration is read in one place and handed down"},
	{[]string{"fmt.Print", "fmt.Println", "fmt.Printf"}, []string{"cmd"}, "only a command speaks on the terminal; others write to what they are given"},
	{[]string{"http.DefaultClient", "http.Get", "http.Post", "http.ListenAndServe"}, nil, "a client and a server have time limits"},
	{[]string{"slog.Default", "slog.SetDefault", "slog.Info", "slog.Warn", "slog.Error", "slog.Debug"}, []string{"cmd"}, "the log is passed in"},
}

// excusedNames are single uses that stand, by file and name.
var excusedNames = exceptions{
	"internal/programme/service.go time.Now":     "the clock that holds where app hands in none; it is only named there",
	"internal/programme/catalogue.go time.Now":   "how long definitions are kept in memory is the machine's time, and no judgement hangs on it",
	"internal/programme/catalogue.go time.Since": "how long definitions are kept in memory is the machine's time, and no judgement hangs on it",
	"internal/registry/service.go time.Now":      "how long the tree is kept in memory is the machine's time, and no judgement hangs on it",
	"internal/registry/service.go time.Since":    "how long the tree is kept in memory is the machine's time, and no judgement hangs on it",
	"internal/telemetry/clock.go time.Now":       "sockets wait by the machine's time, which a drill does not move, and no judgement hangs on it",
	"internal/telemetry/clock.go time.NewTimer":  "sockets wait by the machine's time, which a drill does not move, and no judgement hangs on it",

	"internal/telemetry/station/clock.go time.Now":      "a simulated station of the field has a clock of its own",
	"internal/telemetry/station/clock.go time.NewTimer": "a simulated station of the field has a clock of its own",
}

// TestBannedNames looks for names that a part of the house must not use.
func TestBannedNames(t *testing.T) {
	used := map[string]bool{}
	for _, s := range code(t) {
		packages := importNames(s)
		ast.Inspect(s.file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, ok := sel.X.(*ast.Ident)
			if !ok || !packages[x.Name] || x.Obj != nil {
				return true
			}
			name := x.Name + "." + sel.Sel.Name
			for _, b := range bans {
				if has(b.names, name) && !under(s.dir(), b.only) && !excusedNames.excuse(used, s.path+" "+name) {
					t.Errorf("%s uses %s: %s", s.line(n), name, b.reason)
				}
			}
			return true
		})
	}
	excusedNames.check(t, used)
}

// importNames are the names by which a file's imports are called, as far as the paths tell.
func importNames(s source) map[string]bool {
	out := map[string]bool{}
	for _, i := range s.file.Imports {
		name := strings.Trim(i.Path.Value, `"`)
		name = name[strings.LastIndexByte(name, '/')+1:]
		if i.Name != nil {
			name = i.Name.Name
		}
		out[name] = true
	}
	return out
}

// TestNoDayByTruncation looks for Truncate(24*time.Hour), which cuts at 00:00 UTC: no office's day and no gauge's.
func TestNoDayByTruncation(t *testing.T) {
	for _, s := range sources(t) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 1 {
				return true
			}
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Truncate" && mentionsDay(call.Args[0]) {
				t.Errorf("%s truncates to 24 hours, which cuts at 00:00 UTC: use hydrotime", s.line(n))
			}
			return true
		})
	}
}

func mentionsDay(e ast.Expr) bool {
	product, ok := e.(*ast.BinaryExpr)
	if !ok || product.Op != token.MUL {
		return false
	}
	number := func(e ast.Expr) bool { l, ok := e.(*ast.BasicLit); return ok && l.Value == "24" }
	return number(product.X) || number(product.Y)
}

// TestNoInit looks for init functions: what a program does at its start is written in app, in order.
func TestNoInit(t *testing.T) {
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s declares init: wire it by hand in app", s.line(f))
			}
		}
	}
}

// TestPackageVariablesDoNotChange looks for assignments to package variables, and for locks and counters among them.
func TestPackageVariablesDoNotChange(t *testing.T) {
	vars := map[string]map[string]bool{}
	all := code(t)
	for _, s := range all {
		for _, d := range s.file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, spec := range g.Specs {
				v := spec.(*ast.ValueSpec)
				if p, name := typeName(v.Type); p == "sync" || p == "atomic" {
					t.Errorf("%s: a package variable of type %s.%s is state: keep it in a value that app makes", s.line(v), p, name)
				}
				for _, name := range v.Names {
					if vars[s.dir()] == nil {
						vars[s.dir()] = map[string]bool{}
					}
					vars[s.dir()][name.Name] = true
				}
			}
		}
	}
	for _, s := range all {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
				checkAssignments(t, s, f, vars[s.dir()])
			}
		}
	}
}

func typeName(e ast.Expr) (pkg, name string) {
	if sel, ok := e.(*ast.SelectorExpr); ok {
		if x, ok := sel.X.(*ast.Ident); ok {
			return x.Name, sel.Sel.Name
		}
	}
	return "", ""
}

// checkAssignments fails where a function writes to one of its package's variables.
func checkAssignments(t *testing.T, s source, f *ast.FuncDecl, vars map[string]bool) {
	t.Helper()
	written := func(e ast.Expr) {
		id := base(e)
		// The parser resolves what is declared in this file; a name it does not resolve belongs to the package.
		if id == nil || !vars[id.Name] || id.Obj != nil && id.Obj.Pos() > f.Pos() && id.Obj.Pos() < f.End() {
			return
		}
		t.Errorf("%s writes to the package variable %s: variables of a package do not change", s.line(e), id.Name)
	}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				for _, e := range n.Lhs {
					written(e)
				}
			}
		case *ast.IncDecStmt:
			written(n.X)
		case *ast.CallExpr:
			if fn, ok := n.Fun.(*ast.Ident); ok && (fn.Name == "delete" || fn.Name == "clear") && len(n.Args) > 0 {
				written(n.Args[0])
			}
		}
		return true
	})
}

// base is the variable at the bottom of x, x.f, x[i] or *x.
func base(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// excusedFloats are files that may name a float although they are near figures.
var excusedFloats = exceptions{
	"internal/quantity/decimal.go":         "reads once what a workbook keeps in binary and rounds it, and hands charts the nearest float",
	"internal/programme/table/check.go":    "the interval that the rounding of published figures allows; the figures stay exact",
	"internal/programme/table/table.go":    "how sure a suggested column is, which is no figure",
	"internal/programme/table/likeness.go": "how alike two headings are, which is no figure",
}

// exact are the folders in which figures are kept, judged or added.
var exact = []string{
	"internal/programme", "internal/formula", "internal/definition", "internal/quantity", "internal/store",
	"internal/oversight/checklist", "internal/ledger/acceptance", "internal/oversight/draw", "internal/oversight/compare",
	"internal/oversight/ladder", "internal/ledger/scheme",
}

// TestFiguresAreNotFloats looks for float64 where figures are kept, judged or added: 0.1 + 0.2 must be 0.3 in a table of money.
func TestFiguresAreNotFloats(t *testing.T) {
	used := map[string]bool{}
	for _, s := range code(t) {
		if !under(s.dir(), exact) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && (id.Name == "float64" || id.Name == "float32") && !excusedFloats.excuse(used, s.path) {
				t.Errorf("%s names %s: figures are quantity.Decimal", s.line(n), id.Name)
			}
			return true
		})
	}
	excusedFloats.check(t, used)
}

func has(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
