package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"anlan/internal/app"
	"anlan/internal/evidence"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/matter"
	"anlan/internal/oversight"
	"anlan/internal/programme"
	"anlan/internal/registry"
	"anlan/internal/series"
	"anlan/internal/store"
)

const backupHelp = `anlan backup FILE
  copies the SQLite database into FILE and, where there are any, the evidence files into the folder FILE.evidence. The server may
  be running: the files are copied after the database, so each row of the copy has its file. Keep the two together.

anlan backup --files FOLDER
  copies the evidence files alone: beside pg_dump, after it, or day by day into one folder, where only what is new is written.
`

const restoreHelp = `anlan restore FILE
  puts a backup in the place of the database, and the files of FILE.evidence into the evidence folder. The server must not be
  running. The database that was there is kept as DATABASE.before-TIME, and its evidence files as DATABASE.before-TIME.evidence.
  A backup that lacks evidence files which the folder does not have either is refused; --incomplete takes it all the same.

anlan restore --files FOLDER
  puts back evidence files that are missing or damaged, and leaves the database alone. The server may be running.
`

// withHelp puts a command's text before the list of its flags.
func withHelp(f *flag.FlagSet, text string) {
	f.Usage = func() {
		fmt.Fprintln(f.Output(), text)
		f.PrintDefaults()
	}
}

// filesBeside is the folder that belongs to a copy of a database.
func filesBeside(file string) string { return file + ".evidence" }

func runBackup(ctx context.Context, e env, args []string) error {
	var files string
	c, rest, err := configure(e, "backup", args, func(f *flag.FlagSet) {
		withHelp(f, backupHelp)
		f.StringVar(&files, "files", "", "copy the evidence files alone into this folder")
	})
	if err != nil {
		return err
	}
	if len(rest) != 1 && files == "" || len(rest) != 0 && files != "" {
		return fmt.Errorf("%w: anlan backup FILE, or anlan backup --files FOLDER", errUsage)
	}
	db, err := store.Open(ctx, store.Options{Target: c.Database})
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // only read
	if files == "" {
		files = filesBeside(rest[0])
		if err := fresh(files); err != nil {
			return err
		}
		if err := db.Backup(ctx, rest[0]); err != nil {
			return err
		}
		fmt.Fprintf(e.out, "backup written to %s\n", rest[0])
	}
	rows, err := evidence.Rows(ctx, db)
	if err != nil || len(rows) == 0 {
		return err
	}
	return copyFiles(ctx, e.out, rows, files, c.EvidenceFolder())
}

// fresh refuses a folder that is there: it belongs to an older backup.
func fresh(folder string) error {
	if _, err := os.Stat(folder); err == nil {
		return fmt.Errorf("%s exists already", folder)
	}
	return nil
}

func copyFiles(ctx context.Context, out io.Writer, rows map[evidence.Hash]int64, into string, sources ...string) error {
	done, err := evidence.CopyFiles(ctx, rows, into, sources...)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d evidence files in %s, %d of them written now\n", done.Files, into, done.Written)
	return lacking(done.Lacking)
}

// lacking says which files are sound nowhere.
func lacking(list []evidence.Hash) error {
	if len(list) == 0 {
		return nil
	}
	const shown = 10
	err := fmt.Errorf("%d evidence files are missing or damaged", len(list))
	for _, h := range list[:min(shown, len(list))] {
		err = fmt.Errorf("%w\n  %s", err, h)
	}
	return err
}

// runRestore checks a backup and puts it in the place of the database; what was there is kept beside it.
func runRestore(ctx context.Context, e env, args []string) error {
	var files string
	var incomplete bool
	c, rest, err := configure(e, "restore", args, func(f *flag.FlagSet) {
		withHelp(f, restoreHelp)
		f.StringVar(&files, "files", "", "put missing and damaged evidence files back from this folder, and leave the database alone")
		f.BoolVar(&incomplete, "incomplete", false, "restore although evidence files are lacking")
	})
	switch {
	case err != nil:
		return err
	case files != "" && len(rest) == 0:
		return restoreFiles(ctx, e, c, files)
	case files != "" || len(rest) != 1:
		return fmt.Errorf("%w: anlan restore FILE, or anlan restore --files FOLDER", errUsage)
	}
	return restoreBackup(ctx, e.out, c, rest[0], incomplete)
}

func restoreFiles(ctx context.Context, e env, c app.Config, from string) error {
	db, err := store.Open(ctx, store.Options{Target: c.Database})
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // only read
	rows, err := evidence.Rows(ctx, db)
	if err != nil {
		return err
	}
	return copyFiles(ctx, e.out, rows, c.EvidenceFolder(), from)
}

// restoreBackup brings the files first, since rows never come before files, then gives the files that are there a second name
// with the database that is put aside, and then changes the database. Broken off at any point it can be begun again.
func restoreBackup(ctx context.Context, out io.Writer, c app.Config, backup string, incomplete bool) error {
	rows := map[evidence.Hash]int64{}
	err := store.LookInto(ctx, backup, evidenceSchema, func(q store.Querier) (err error) {
		rows, err = evidence.Rows(ctx, q)
		return err
	})
	if err != nil {
		return err
	}
	folder, kept := c.EvidenceFolder(), store.AsideName(c.Database, time.Now())
	if len(rows) > 0 {
		err := copyFiles(ctx, out, rows, folder, filesBeside(backup))
		if err != nil && (!incomplete || ctx.Err() != nil) {
			return fmt.Errorf("%w\nthe database was left alone; --incomplete restores without them", err)
		}
	}
	if _, err := os.Stat(c.Database); err == nil {
		if err := evidence.Aside(ctx, folder, filesBeside(kept)); err != nil {
			return err
		}
	}
	found, err := store.Restore(ctx, backup, c.Database, kept)
	if err == nil {
		err = evidence.Release(folder)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "restored %s from %s\n", c.Database, filepath.Base(backup))
	if found {
		fmt.Fprintf(out, "the database before is kept as %s\n", kept)
	}
	return nil
}

// evidenceSchema is the first schema that has evidence files.
const evidenceSchema = 5

func runDoctor(ctx context.Context, e env, args []string) error {
	var quick, repair, lift bool
	c, _, err := configure(e, "doctor", args, func(f *flag.FlagSet) {
		f.BoolVar(&repair, "repair", false, "put right what can be told from what is kept: the marks of what recurs")
		f.BoolVar(&quick, "quick", false, "look whether evidence files are there in their size, without reading them, and leave the observations out")
		f.BoolVar(&lift, "lift-veils", false, "disclose what inspections that are over still hide")
	})
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, store.Options{Target: c.Database})
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // what a repair writes is committed by then
	var bad, all int
	say := func(what string, err error) {
		all++
		if err != nil {
			bad++
			fmt.Fprintf(e.out, "BAD  %s: %v\n", what, err)
			return
		}
		fmt.Fprintf(e.out, "ok   %s\n", what)
	}
	v, err := db.SchemaVersion(ctx)
	say(fmt.Sprintf("%s schema %d", db.Engine(), v), err)
	say("integrity", db.CheckIntegrity(ctx))
	rep, err := audit.Verify(ctx, db)
	if err == nil && !rep.OK {
		err = fmt.Errorf("broken at entry %d", rep.Broken[0].Seq)
	}
	say(fmt.Sprintf("audit chain, %d entries", rep.Entries), err)
	clock := &app.Clock{}
	reg := registry.New(db, clock.Now)
	_, err = programme.New(programme.Options{Store: db, Registry: reg, Now: clock.Now}).Catalogue(ctx)
	say("packs in force", err)
	say(checkRecurrence(ctx, db, reg, clock, repair))
	say(checkEvidence(ctx, db, c, quick))
	if !quick {
		say("observations", checkObservations(ctx, db))
	}
	say("disclosure of inspections that are over", checkVeils(ctx, db, reg, clock, lift))
	if bad > 0 {
		return fmt.Errorf("%d of %d checks failed", bad, all)
	}
	return nil
}

// checkRecurrence holds the marks of what recurs against the matters on record, and puts them right where that is asked for.
func checkRecurrence(ctx context.Context, db *store.DB, reg *registry.Service, clock *app.Clock, repair bool) (string, error) {
	matters := matter.New(matter.Options{Store: db, Registry: reg, Now: clock.Now})
	mistaken, checked, err := matters.MistakenRecurrence(ctx)
	what := fmt.Sprintf("recurrence, %d matters", checked)
	if err != nil || len(mistaken) == 0 {
		return what, err
	}
	if repair {
		return fmt.Sprintf("%s, %d marks put right", what, len(mistaken)), matters.MendRecurrence(ctx, program(), mistaken)
	}
	return what, fmt.Errorf("%d marks are wrong, the first at matter %d: anlan doctor --repair puts them right", len(mistaken), mistaken[0])
}

// checkVeils says which inspections still hide what nobody would ever disclose, or discloses it.
func checkVeils(ctx context.Context, db *store.DB, reg *registry.Service, clock *app.Clock, lift bool) error {
	svc := oversight.New(oversight.Options{
		Store: db, Registry: reg, Now: clock.Now, Matter: matter.New(matter.Options{Store: db, Registry: reg, Now: clock.Now}),
	})
	if lift {
		_, err := svc.LiftStuckVeils(ctx, identity.Actor{})
		return err
	}
	stuck, err := svc.StuckVeils(ctx)
	if err != nil || len(stuck) == 0 {
		return err
	}
	hidden := 0
	for _, v := range stuck {
		hidden += v.Matters
	}
	return fmt.Errorf("%d inspections hide %d findings from their counties, the first is inspection %d; --lift-veils discloses them", len(stuck), hidden, stuck[0].Inspection)
}

// checkObservations says what of the observations contradicts itself.
func checkObservations(ctx context.Context, db *store.DB) error {
	found, err := series.Verify(ctx, db)
	if err != nil || len(found) == 0 {
		return err
	}
	return fmt.Errorf("%d contradictions, the first is: %s", len(found), found[0].En)
}

// checkEvidence holds the evidence files against their rows; leftovers of a crash are named and are no fault.
func checkEvidence(ctx context.Context, db *store.DB, c app.Config, quick bool) (string, error) {
	if c.EvidenceFolder() == "" {
		return "evidence", errors.New("the key evidence names no folder")
	}
	rep, err := evidence.New(evidence.Options{Store: db, Folder: c.EvidenceFolder()}).Check(ctx, quick)
	what := fmt.Sprintf("evidence, %d files, %d MB", rep.Files, rep.Bytes>>20)
	if quick {
		what += ", not read"
	}
	if rep.Orphans+rep.Unfinished > 0 {
		what += fmt.Sprintf(" (and leftovers that the server sweeps after a day: %d without a row, %d unfinished)", rep.Orphans, rep.Unfinished)
	}
	if err != nil {
		return what, err
	}
	if n := len(rep.Missing); n > 0 {
		err = fmt.Errorf("%d files missing, the first is %s", n, rep.Missing[0])
	}
	if n := len(rep.Changed); n > 0 {
		err = errors.Join(err, fmt.Errorf("%d files damaged or changed, the first is %s", n, rep.Changed[0]))
	}
	return what, err
}
