package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anlan/internal/store"
)

// coded gives the stations of a database codes as SL 323 has them.
func coded(t *testing.T, dir string, objects []int64, codes ...string) {
	t.Helper()
	db := direct(t, dir)
	defer db.Close()
	err := db.Write(t.Context(), func(tx *store.Tx) error {
		for i, code := range codes {
			if _, err := tx.ExecContext(t.Context(), `UPDATE water_object SET code = $1, edit = edit + 1 WHERE id = $2`, code, objects[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestReadingsFromFolder takes a folder of exports in, twice, with a file of another kind among them.
func TestReadingsFromFolder(t *testing.T) {
	dir, folder := t.TempDir(), t.TempDir()
	objects := registerForKills(t, dir)
	coded(t, dir, objects, "63300001")
	for name, body := range map[string]string{
		"ST_PPTN_R.csv":  "STCD,TM,DRP,INTV,PDR,DYP,WTH\n63300001 ,2026-07-01 08:00:00,3.5,1.30,0.40,55.5,7\n63300099 ,2026-07-01 09:00:00,1,1,,,7\n",
		"st_river_r.csv": "stcd,tm,z,q\n63300001,2026-07-01 08:00:00,5.123,\n63300001,2026-07-01 09:00:00,bad,12\n",
		"notes.csv":      "who,what\nme,nothing\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	database := filepath.Join(dir, "demo.db")
	code, out, errs := anlan(t, "readings", "import", "--database", database, "--dry-run", folder)
	if code != 0 || !strings.Contains(out, "ST_PPTN_R.csv: 2 readings would be taken, 1 refused") || !strings.Contains(errs, "notes.csv: left out") {
		t.Errorf("%d %s %s", code, out, errs)
	}
	for i, want := range []string{"ST_PPTN_R.csv: 2 readings: 2 new, 0 known", "ST_PPTN_R.csv: 2 readings: 0 new, 2 known"} {
		code, out, errs = anlan(t, "readings", "import", "--database", database, folder)
		if code != 0 || !strings.Contains(out, want) || !strings.Contains(out, "no such station") {
			t.Errorf("%d: %d %s %s", i, code, out, errs)
		}
	}
	for _, args := range [][]string{{"readings"}, {"readings", "import"}, {"readings", "export"}} {
		if code, _, _ := anlan(t, args...); code != 2 {
			t.Errorf("%v: %d", args, code)
		}
	}
}

// TestReadingsFromLiveSchema takes readings from a live database whose tables have columns of both vintages and local ones, keys in small letters
// and codes padded with blanks; a second time changes nothing, and it is only read.
func TestReadingsFromLiveSchema(t *testing.T) {
	pg := ownPostgres(t)
	dir := t.TempDir()
	objects := registerForKills(t, dir)
	coded(t, dir, objects, "63300001", "63300002")
	db, err := sql.Open("pgx", pg.target)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range []string{
		`CREATE SCHEMA rtdb`,
		`CREATE TABLE rtdb.st_pptn_r (stcd CHAR(8), tm TIMESTAMP, drp NUMERIC(5,1), intv NUMERIC(5,2), pdr NUMERIC(5,2), dyp NUMERIC(5,1), wth CHAR(1), qc VARCHAR(4), PRIMARY KEY (stcd, tm))`,
		`CREATE TABLE rtdb."ST_RSVR_R" ("STCD" CHAR(8), "TM" TIMESTAMP, "RZ" NUMERIC(7,3), "INQ" NUMERIC(9,3), "W" NUMERIC(9,3), "BLRZ" NUMERIC(7,3), "OTQ" NUMERIC(9,3), "RWPTN" CHAR(1), PRIMARY KEY ("STCD", "TM"))`,
		`INSERT INTO rtdb.st_pptn_r (stcd, tm, drp, intv) SELECT '63300001', TIMESTAMP '2026-06-01 00:00' + n * INTERVAL '5 minutes', 0.5, 0.05 FROM generate_series(1, 21000) n`,
		`INSERT INTO rtdb.st_pptn_r (stcd, tm, drp, intv) VALUES ('63300002', '2026-07-01 08:00', 3.5, 1.30), ('63300002', '2026-07-01 09:00', 9, 1.75), ('99', '2026-07-01 09:00', 9, 1)`,
		`INSERT INTO rtdb."ST_RSVR_R" ("STCD", "TM", "RZ", "W") VALUES ('63300002', '2026-07-01 08:00', 35.12, 1.25)`,
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	database := filepath.Join(dir, "demo.db")
	for i, want := range []string{"ST_PPTN_R: 21001 readings: 21001 new, 0 known", "ST_PPTN_R: 21001 readings: 0 new, 21001 known"} {
		code, out, errs := anlan(t, "readings", "import", "--database", database, "--schema", "rtdb", pg.target)
		if code != 0 || !strings.Contains(out, want) || !strings.Contains(out, "2 refused") || !strings.Contains(out, "ST_RSVR_R: 2 readings") || !strings.Contains(errs, "ST_PPTN_R: 20000 readings up to station 63300001") {
			t.Errorf("%d: %d %s %s", i, code, out, errs)
		}
	}
	code, out, _ := anlan(t, "readings", "import", "--database", database, "--schema", "rtdb", "--since", "2026-07-01", "--dry-run", pg.target)
	if code != 0 || !strings.Contains(out, "ST_RSVR_R: 2 readings would be taken") || strings.Contains(out, "21001") {
		t.Errorf("%d %s", code, out)
	}
	if code, _, errs := anlan(t, "readings", "import", "--database", database, "--schema", "nothing", pg.target); code != 1 || !strings.Contains(errs, "has none of the tables") {
		t.Errorf("%d %s", code, errs)
	}
}
