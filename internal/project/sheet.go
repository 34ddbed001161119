package project

import (
	"strings"

	"anlan/internal/fault"
	"anlan/internal/project/lifecycle"
	"anlan/internal/workbook"
)

// ProjectImport is what a workbook would do, or did.
type ProjectImport struct {
	File   string              `json:"file"`
	Digest string              `json:"digest" doc:"Sent back with the same file, it takes what was seen"`
	Taken  bool                `json:"taken"`
	Counts ProjectImportCounts `json:"counts"`
	Rows   []ProjectImportRow  `json:"rows" doc:"Every row's lot, in order of the file"`
	Notes  []fault.Text        `json:"notes" doc:"Sheets that were not recognised, and what else a reader should know"`
}

// ProjectImportCounts counts rows by their lot.
type ProjectImportCounts struct {
	New       int `json:"new"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Bad       int `json:"bad"`
}

// ProjectImportRow is the lot of one row.
type ProjectImportRow struct {
	Sheet   string                `json:"sheet"`
	Line    int                   `json:"line" doc:"From 1, as the office program counts"`
	What    string                `json:"what" enum:"project,part,figures" doc:"Which of the three tables"`
	Lot     string                `json:"lot" enum:"new,changed,unchanged,bad"`
	Code    string                `json:"code" doc:"Of the project, with that of the part behind a slash"`
	Name    string                `json:"name"`
	Changes []ProjectImportChange `json:"changes"`
	Reasons []fault.Field         `json:"reasons" doc:"Of a bad row: cell and why"`
}

// ProjectImportChange is one cell that differs from what is on record.
type ProjectImportChange struct {
	Column fault.Text `json:"column"`
	Before string     `json:"before"`
	After  string     `json:"after"`
}

// ImportMost is the largest file that is read, in bytes.
const ImportMost = 8 << 20

// importRows bounds the rows of one file.
const importRows = 10_000

// column is a column of a table in a workbook.
type column struct {
	id    string
	head  fault.Text
	need  bool // a table is recognised by these
	unit  string
	extra bool // written for readers, and not read
}

// table is one of the three sheets of a workbook of projects.
type table struct {
	what    string
	title   fault.Text
	columns []column
}

func tables() []table {
	c := func(id, zh, en string) column { return column{id: id, head: fault.T(zh, en)} }
	need := func(c column) column { c.need = true; return c }
	extra := func(c column) column { c.extra = true; return c }
	wan := func(c column) column { c.unit = "wan_yuan"; return c }
	months := []column{need(c("project", "项目代码", "project code")), need(c("part", "部分代码", "part code")), need(c("year", "年份", "year")), need(c("what", "数据项", "figure"))}
	names := [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
	for i, en := range names {
		months = append(months, c(monthColumn(i), workbookMonth(i), en))
	}
	return []table{
		{"project", fault.T("项目", "projects"), []column{
			need(c("code", "项目代码", "project code")), need(c("name", "项目名称", "project name")), c("name_en", "英文名称", "English name"), need(c("kind", "项目类别", "kind of project")),
			need(c("division", "管理地区", "kept by")), c("legal_person", "项目法人", "legal person"), wan(c("total", "总投资", "total investment")), c("stats_id", "统计库编号", "statistics number"),
			c("programmes", "专项", "programmes"), c("assessed", "省级考核", "provincial assessment"), c("library", "规划库", "library"), c("note", "说明", "note"),
			extra(c("slowest", "最慢阶段", "slowest stage")), extra(c("furthest", "最快阶段", "furthest stage")), extra(c("pace", "进度评价", "pace")), extra(wan(c("spent", "累计完成投资", "invested so far"))),
		}},
		{"part", fault.T("工程部分", "parts"), []column{
			need(c("project", "项目代码", "project code")), need(c("part", "部分代码", "part code")), c("parent", "上级代码", "lies in"), need(c("name", "部分名称", "part name")), c("name_en", "英文名称", "English name"),
			c("kind", "部分类别", "kind of part"), c("division", "所在地区", "place"), wan(c("total", "部分投资", "part investment")), c("contractor", "施工单位", "contractor"),
			c("shape", "坐标", "coordinates"), c("note", "说明", "note"), extra(c("stage", "阶段", "stage")),
		}},
		{"figures", fault.T("月度数据", "months"), append(months, extra(c("name", "名称", "name")))},
	}
}

func monthColumn(i int) string { return "m" + string(rune('a'+i)) }

func workbookMonth(i int) string {
	return []string{"1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"}[i]
}

// figureNames are what the monthly figures are called in a workbook.
func figureNames() []lifecycle.ProjectWord {
	w := func(what What, zh, en string) lifecycle.ProjectWord {
		return lifecycle.ProjectWord{ID: string(what), Name: fault.T(zh, en)}
	}
	return []lifecycle.ProjectWord{
		w(Plan, "计划投资（万元）", "planned investment (CNY 10k)"), w(Actual, "完成投资（万元）", "investment done (CNY 10k)"),
		w(PlannedProgress, "计划形象进度（%）", "planned progress (%)"), w(Progress, "形象进度（%）", "progress (%)"),
	}
}

// wordIn finds a word by its id or either name, whatever the case, the width or what stands in brackets.
func wordIn(list []lifecycle.ProjectWord, text string) (string, bool) {
	want := bare(text)
	for _, w := range list {
		if want == bare(w.ID) || want == bare(w.Name.Zh) || want == bare(w.Name.En) {
			return w.ID, true
		}
	}
	return "", false
}

// bare is a heading or word without brackets, spaces and case.
func bare(text string) string {
	text = workbook.Fold(text)
	if i := strings.IndexAny(text, "(（"); i > 0 {
		text = text[:i]
	}
	return strings.ToLower(strings.Join(strings.Fields(text), ""))
}

// recognise finds which table a sheet holds: the row of its head and the column of each id. Its head stands among the first rows.
func recognise(sh workbook.Sheet) (t table, head int, at map[string]int, ok bool) {
	for r := range min(len(sh.Rows), 12) {
		for _, t := range tables() {
			at := map[string]int{}
			for c := range sh.Rows[r] {
				word := bare(sh.At(r, c).Text)
				for _, col := range t.columns {
					if _, taken := at[col.id]; !taken && word != "" && (word == bare(col.head.Zh) || word == bare(col.head.En)) {
						at[col.id] = c
					}
				}
			}
			whole := true
			for _, col := range t.columns {
				_, there := at[col.id]
				whole = whole && (there || !col.need)
			}
			if whole {
				return t, r, at, true
			}
		}
	}
	return table{}, 0, nil, false
}
