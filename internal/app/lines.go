package app

import (
	"context"
	"slices"
)

// lines are the lines of work that there are: of a programme in force, a checklist, a ledger, or the rules of projects.
func (a *App) lines(ctx context.Context) ([]string, error) {
	var out []string
	cat, err := a.Programme.Catalogue(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range cat.Packs() {
		out = append(out, p.Line)
	}
	book, err := a.Oversight.Book(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range book.Checklists.Lists() {
		out = append(out, c.Line)
	}
	for _, k := range book.Ledgers() {
		out = append(out, k.Line)
	}
	if book.Lifecycle != nil {
		out = append(out, book.Lifecycle.Line)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
