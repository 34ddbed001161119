package web

import (
	"context"
	"io"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/programme"
	"anlan/internal/programme/table"

	"github.com/danielgtaylor/huma/v2"
)

type uploadInput struct {
	RawBody huma.MultipartFormFiles[struct {
		File     huma.FormFile `form:"file" required:"true"`
		Division string        `form:"division" maxLength:"20" doc:"Division that sends the file"`
	}]
}

type mappingsInput struct {
	ID   string `path:"id" maxLength:"60"`
	Body struct {
		Mappings []table.Mapping      `json:"mappings" maxItems:"200" doc:"One a sheet; the proposed ones where empty"`
		Mode     programme.ImportMode `json:"mode,omitempty" enum:"replace,fill,strict" default:"replace"`
	}
}

func (s *Server) addImportRoutes() {
	route := func(method, path, id, summary string) Route {
		return Route{Method: method, Path: path, ID: id, Summary: summary, Tag: "imports", Permission: identity.ImportWrite}
	}
	upload := route("POST", "/api/imports", "uploadImport", "Upload a workbook and see what is recognised in it")
	upload.MaxBody = programme.MaxImport + 1<<20
	add(s, upload, func(ctx context.Context, p *identity.Principal, in *uploadInput) (*programme.Import, error) {
		form := in.RawBody.Data()
		content, err := io.ReadAll(io.LimitReader(form.File, programme.MaxImport+1))
		if err != nil {
			return nil, fault.Invalidf("import.read", "文件未传完", "the file did not arrive whole").Because(err)
		}
		return s.Programme.Upload(ctx, p, form.Division, form.File.Filename, content)
	})
	add(s, route("GET", "/api/imports", "listImports", "Imports within reach, newest first"), func(ctx context.Context, p *identity.Principal, in *struct {
		Scope  string `query:"scope" maxLength:"20"`
		State  string `query:"state" enum:"preview,done,dropped"`
		Cursor string `query:"cursor" maxLength:"200"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	},
	) (*programme.ImportList, error) {
		return s.Programme.Imports(ctx, p, programme.ImportsQuery{Scope: in.Scope, State: programme.ImportState(in.State), Cursor: in.Cursor, Limit: in.Limit})
	})
	add(s, route("GET", "/api/imports/{id}", "getImport", "One import with its sheets and mappings"), func(ctx context.Context, p *identity.Principal, in *idInput) (*programme.Import, error) {
		return s.Programme.Import(ctx, p, in.ID)
	})
	add(s, route("GET", "/api/imports/{id}/sheet", "getImportSheet", "One sheet with its header where a person says it is"), func(ctx context.Context, p *identity.Principal, in *struct {
		ID    string `path:"id" maxLength:"60"`
		Sheet string `query:"sheet" required:"true" maxLength:"200"`
		From  int    `query:"header_from" minimum:"1" maximum:"1048576" required:"true"`
		To    int    `query:"header_to" minimum:"1" maximum:"1048576" required:"true"`
		Only  bool   `query:"published" doc:"Published figures, to be checked and not filed"`
	},
	) (*programme.ImportSheet, error) {
		return s.Programme.ImportSheet(ctx, p, in.ID, in.Sheet, in.From, in.To, in.Only)
	})
	add(s, route("DELETE", "/api/imports/{id}", "dropImport", "Give an import up"), func(ctx context.Context, p *identity.Principal, in *idInput) (*none, error) {
		return nil, s.Programme.DropImport(ctx, p, in.ID)
	})
	add(s, route("PUT", "/api/imports/{id}/mapping", "previewImport", "What an import would do under these mappings"), func(ctx context.Context, p *identity.Principal, in *mappingsInput) (*programme.ImportEffect, error) {
		return s.Programme.PreviewImport(ctx, p, in.ID, in.Body.Mappings)
	})
	add(s, route("POST", "/api/imports/{id}/confirm", "confirmImport", "File what an import takes, all or nothing"), func(ctx context.Context, p *identity.Principal, in *mappingsInput) (*programme.ImportEffect, error) {
		return s.Programme.ConfirmImport(ctx, p, in.ID, in.Body.Mappings, in.Body.Mode)
	})
	add(s, route("GET", "/api/imports/{id}/rows", "listImportRows", "What became of each row"), func(ctx context.Context, p *identity.Principal, in *struct {
		ID      string `path:"id" maxLength:"60"`
		Outcome string `query:"outcome" enum:"taken,refused,ignored,notice"`
		Cursor  int64  `query:"cursor" minimum:"0"`
		Limit   int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
	},
	) (*programme.ImportRowList, error) {
		return s.Programme.ImportRows(ctx, p, in.ID, in.Outcome, in.Cursor, in.Limit)
	})
	addFile(s, Route{Method: "GET", Path: "/api/forms/{id}/template.xlsx", ID: "getTemplate", Summary: "A form as an empty workbook that the import knows", Tag: "imports", Permission: identity.ReturnRead}, func(ctx context.Context, p *identity.Principal, in *struct {
		ID     string `path:"id" maxLength:"80"`
		Scope  string `query:"scope" required:"true" maxLength:"20"`
		Period string `query:"period" required:"true" maxLength:"7"`
	},
	) (*File, error) {
		month, err := monthOf(in.Period)
		if err != nil {
			return nil, err
		}
		name, content, err := s.Programme.Template(ctx, p, in.ID, in.Scope, month)
		return &File{Name: name, Type: typeXLSX, Content: content}, err
	})
}
