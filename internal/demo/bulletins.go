package demo

import (
	"context"
	"fmt"
	"time"

	"anlan/internal/bulletin"
	"anlan/internal/bulletin/compose"
	"anlan/internal/hydrotime"
	"anlan/packs"
)

// monthsOfBulletins are how many months the demo's archive goes back.
const monthsOfBulletins = 12

// issued are the kinds that the demo's office issues each month; the last ones only now and then.
func issued(i int) []string {
	kinds := []string{"monthly-notice", "county-ranking", "director-briefing"}
	switch i % 3 {
	case 0:
		kinds = append(kinds, "rural-water-notice")
	case 1:
		kinds = append(kinds, "supervision-notice")
	case 2:
		kinds = append(kinds, "project-lag")
	}
	return kinds
}

// bulletins issues a year of them, each on a day of the month after, drafted by the planner and issued by the director. Files are made
// when somebody asks, or behind the scenes.
func (f *filler) bulletins(ctx context.Context) error {
	if _, err := f.Bulletin.LoadShipped(ctx, program(), packs.Bulletins()); err != nil {
		return err
	}
	for i := range monthsOfBulletins {
		m := presentMonth.Add(i - monthsOfBulletins)
		for k, kind := range issued(i) {
			day := m.Add(1).Start().AddDate(0, 0, 8+k%2)
			if err := f.issue(ctx, kind, City, m, day.Add(time.Duration(9+k)*time.Hour)); err != nil {
				return fmt.Errorf("%s of %s: %w", kind, m, err)
			}
		}
	}
	last := presentMonth.Add(-1)
	day := last.Add(1).Start().AddDate(0, 0, 10).Add(9 * time.Hour)
	for _, c := range []string{"330604", "330624"} {
		if err := f.issue(ctx, "director-briefing", c, last, day); err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) issue(ctx context.Context, kind, scope string, m hydrotime.Month, at time.Time) error {
	id, err := f.issueFor(ctx, kind, scope, m.String(), at)
	if err != nil || kind != "monthly-notice" { // what is signed for is told of the notices
		return err
	}
	for i, c := range counties() {
		if m == presentMonth.Add(-1) && i%2 == 1 { // the newest has not been read everywhere
			continue
		}
		if err := f.Clock.Set(at.Add(time.Duration(20+i) * time.Hour)); err != nil {
			return err
		}
		if err := f.Bulletin.Receive(ctx, f.as(loginOf(c.code)), id); err != nil {
			return err
		}
	}
	return nil
}

// issueFor has the planner draft a bulletin for a month or a day, and the director issue it to the counties that it concerns.
func (f *filler) issueFor(ctx context.Context, kind, scope, period string, at time.Time) (int64, error) {
	if err := f.Clock.Set(at); err != nil {
		return 0, err
	}
	drafter, boss := f.as("guiji"), f.as("juzhang")
	id, err := f.Bulletin.Draft(ctx, drafter, bulletin.NewBulletin{Kind: kind, Scope: scope, Period: period})
	if err != nil {
		return 0, err
	}
	if err := f.Bulletin.Submit(ctx, drafter, id, 1); err != nil {
		return 0, err
	}
	if err := f.Bulletin.Approve(ctx, boss, id, 2, false); err != nil {
		return 0, err
	}
	in := bulletin.Issuing{Edit: 3}
	for _, c := range counties() {
		if scope == City || scope == c.code {
			in.Recipients = append(in.Recipients, bulletin.To{Division: c.code})
		}
	}
	return id, f.Bulletin.Issue(ctx, boss, id, in)
}

// floodBulletins issues the dailies of the front and of the typhoon's first bands, one for a county too, and the summary of May.
func (f *filler) floodBulletins(ctx context.Context) error {
	today, err := hydrotime.ParseDate(Today)
	if err != nil {
		return err
	}
	if _, err := f.issueFor(ctx, "warning-summary", City, presentMonth.String(), presentMonth.Add(1).Start().Add(9*time.Hour)); err != nil {
		return err
	}
	for back := 2; back >= 0; back-- {
		day := today.AddDays(-back)
		if _, err := f.issueFor(ctx, "flood-daily", City, day.String(), day.Start().Add(8*time.Hour+15*time.Minute)); err != nil {
			return err
		}
	}
	_, err = f.issueFor(ctx, "flood-daily", "330624", Today, today.Start().Add(8*time.Hour+25*time.Minute))
	return err
}

// drafts leaves the notice of the present month waiting for approval, with a number that the planner wrote otherwise, and a briefing that is
// being written.
func (f *filler) drafts(ctx context.Context) error {
	drafter := f.as("guiji")
	id, err := f.Bulletin.Draft(ctx, drafter, bulletin.NewBulletin{Kind: "monthly-notice", Scope: City, Period: presentMonth.String()})
	if err != nil {
		return err
	}
	d, err := f.Bulletin.Get(ctx, drafter, id)
	if err != nil {
		return err
	}
	var changes []compose.Edit
	for _, p := range d.Body.Pieces {
		if p.Kind == compose.Paragraph {
			changes = append(changes, compose.Edit{Op: compose.Set, Block: p.ID, Text: "根据全市水利工作推进会部署，" + compose.Plain(p.Runs)})
			break
		}
	}
	last := d.Body.Pieces[0].ID
	for _, p := range d.Body.Pieces {
		if p.Kind == compose.Annex {
			break
		}
		last = p.ID
	}
	changes = append(changes, compose.Edit{Op: compose.Insert, Block: last, Text: "力争二季度末完成年度投资计划的55%以上，为完成全年任务打好基础。"})
	if err := f.Bulletin.Edit(ctx, drafter, id, 1, nil, changes); err != nil {
		return err
	}
	if err := f.Bulletin.Submit(ctx, drafter, id, 2); err != nil {
		return err
	}
	_, err = f.Bulletin.Draft(ctx, f.as("shenhe"), bulletin.NewBulletin{Kind: "director-briefing", Scope: City, Period: presentMonth.String()})
	return err
}
