package project

import (
	"context"

	"anlan/internal/fault"
	"anlan/internal/identity"
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

// Export writes what a query finds as a workbook that Import takes.
func (s *Service) Export(ctx context.Context, p *identity.Principal, q Query, lang string) (name string, content []byte, err error) {
	return "", nil, fault.New(fault.Unavailable, "project.export", fault.T("尚不可用", "not yet"))
}

// Import holds a workbook against what is on record, and takes it where the digest is that of the preview.
func (s *Service) Import(ctx context.Context, p *identity.Principal, file string, content []byte, digest string) (*ProjectImport, error) {
	return nil, fault.New(fault.Unavailable, "project.import", fault.T("尚不可用", "not yet"))
}
