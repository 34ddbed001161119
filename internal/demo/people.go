package demo

import (
	"context"
	"fmt"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/registry"
	"anlan/internal/store"
)

// people gives each division that files a water bureau with three posts, two of them held. The surnames stand for nobody, and
// the numbers are short ones of an office's own network, so that none rings at a stranger's.
func (f *filler) people(ctx context.Context) error {
	surnames := []string{"陈", "沈", "王", "章", "俞", "金", "胡", "何"}
	bureaus := []struct{ code, zh, en string }{{City, "绍兴市水利局（演示）", "Shaoxing Water Bureau (demo)"}}
	for _, c := range counties() {
		bureaus = append(bureaus, struct{ code, zh, en string }{c.code, c.zh + "水利局", c.en + " Water Bureau"})
	}
	since, err := hydrotime.ParseDate("2025-01-06")
	if err != nil {
		return err
	}
	return f.Store.Write(ctx, func(tx *store.Tx) error {
		above := ""
		for i, b := range bureaus {
			id, err := f.Registry.AddOrganisation(ctx, tx, registry.Program(), registry.NewOrganisation{
				Name: fault.T(b.zh, b.en), Kind: "bureau", Division: b.code, Parent: above, Sort: int64(i),
			})
			if err != nil {
				return err
			}
			if i == 0 {
				above = id
			}
			if err := f.staff(ctx, tx, id, i, since.Start(), surnames[i%len(surnames)], surnames[(i+3)%len(surnames)]); err != nil {
				return err
			}
		}
		return nil
	})
}

// staff fills one bureau.
func (f *filler) staff(ctx context.Context, tx *store.Tx, bureau string, i int, since time.Time, surnames ...string) error {
	posts := []registry.NewPost{
		{Title: fault.T("局长", "Director"), Line: "*"},
		{Title: fault.T("规划计划科科长", "Head of planning"), Line: "investment"},
		{Title: fault.T("农村水利科科长", "Head of rural water"), Line: "rural_water"},
	}
	for k, p := range posts {
		p.Organisation, p.Sort = bureau, int64(k)
		post, err := f.Registry.AddPost(ctx, tx, registry.Program(), p)
		if err != nil {
			return err
		}
		if k >= len(surnames) {
			continue
		}
		person, err := f.Registry.AddPerson(ctx, tx, registry.Program(), registry.NewPerson{
			Name: surnames[k] + "某", Phone: fmt.Sprintf("66%02d%02d", i, k+1), Organisation: bureau,
		})
		if err != nil {
			return err
		}
		if err := f.Registry.Appoint(ctx, tx, registry.Program(), post, person, since); err != nil {
			return err
		}
	}
	return nil
}
