// Command anlan is the platform of a city's water bureau: the server, its demo city, and the tools around them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"anlan/internal/app"
	"anlan/internal/fault"
)

// version is set by the build.
var version = "dev"

// command is one subcommand.
type command struct {
	name  string
	usage string
	run   func(ctx context.Context, e env, args []string) error
}

// env is what a command may touch of the process.
type env struct {
	in       io.Reader
	out, err io.Writer
	environ  []string
}

func commands() []command {
	return []command{
		{"serve", "serve the API and the user interface", serve},
		{"demo", "serve the demo city on a fresh database", runDemo},
		{"pack", "check, load or compare indicator packs: pack check|load|diff FILE...", runPack},
		{"rulebook", "list, check, load or show checklists, score trees and the ladder: rulebook list|check|put|show", runRulebook},
		{"bulletin", "list kinds and bulletins, make one as a file, load templates: bulletin kinds|list|make|check|put, bulletin --help", runBulletin},
		{"import", "say what a workbook holds, or file it: import [--as LOGIN --division CODE] FILE...", runImport},
		{"readings", "take readings in from CSV, XLSX, a folder of SL 323 exports or a live SL 323 schema: readings import SOURCE...", runReadings},
		{"audit", "verify the audit log's hash chain: audit verify", runAudit},
		{"account", "make the first administrator: account create LOGIN NAME DIVISION", runAccount},
		{"backup", "copy a SQLite database and its evidence files while they are in use: backup FILE, backup --help", runBackup},
		{"restore", "put a backup in the place of the database, and its evidence files: restore FILE, restore --help", runRestore},
		{"doctor", "look a database over: schema, integrity, packs, audit chain, evidence files, observations", runDoctor},
		{"model", "run a hydrological model over CSV files: model xaj|muskingum|reservoir|flashflood --help", runModel},
		{"calibrate", "find a model's parameters by an observed flow: calibrate --help", runCalibrate},
		{"check", "find where measured rain and flow contradict each other: check --help", runCheck},
		{"verify", "score a simulated flow against an observed one: verify --help", runVerify},
		{"sl651", "decode frames of field stations, in hex from standard input to JSON: sl651 decode --help", runSL651},
		{"station", "play field stations that send readings to a gateway: station --help", runStation},
		{"downlink", "ask a connected field station through a running server: downlink --help", runDownlink},
		{"replay", "send recorded frames or readings to a gateway: replay FILE --to HOST:PORT", runReplay},
		{"bench", "measure this machine: bench programme [--cities N --counties N --indicators N --years N], bench matter [--matters N --keep FOLDER], bench bulletin [--counties N], bench ingest [--stations N], bench query [--stations N --days N], bench model [--runs N]", runBench},
		{"openapi", "print the OpenAPI document", runOpenAPI},
		{"version", "print the version", func(_ context.Context, e env, _ []string) error {
			fmt.Fprintln(e.out, version)
			return nil
		}},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, env{os.Stdin, os.Stdout, os.Stderr, os.Environ()}, os.Args[1:]))
}

// run executes one command and returns the exit code: 0 done, 1 failed, 2 called wrongly.
func run(ctx context.Context, e env, args []string) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		usage(e.out)
		return 0
	}
	for _, c := range commands() {
		if c.name != args[0] {
			continue
		}
		err := c.run(ctx, e, args[1:])
		if err == nil || errors.Is(err, flag.ErrHelp) {
			return 0
		}
		fmt.Fprintln(e.err, "anlan "+c.name+": "+strings.TrimPrefix(explain(err), "anlan: "))
		if errors.Is(err, errUsage) {
			return 2
		}
		return 1
	}
	fmt.Fprintf(e.err, "anlan: there is no command %q; anlan help lists them\n", args[0])
	return 2
}

var errUsage = errors.New("called wrongly")

func usage(w io.Writer) {
	fmt.Fprintln(w, "anlan — the platform of a city's water bureau (安澜)\n\nCommands:")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-9s %s\n", c.name, c.usage)
	}
	fmt.Fprintln(w, "\nConfiguration comes from --config FILE, ANLAN_… in the environment, and flags, each overruling the one before:")
	for _, k := range app.Keys() {
		fmt.Fprintf(w, "  --%-21s %s\n", strings.ReplaceAll(k, "_", "-"), app.Help(k))
	}
}

// explain writes an error for a person at a terminal: the sentence, then each place on a line of its own.
func explain(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err.Error()
	}
	// What was being done, or with which file, stands before the fault.
	s := strings.TrimSuffix(err.Error(), f.Error()) + f.Text.En + " / " + f.Text.Zh
	for _, p := range f.Fields {
		s += "\n  " + p.Place + ": " + p.En
	}
	if cause := f.Unwrap(); cause != nil {
		s += "\n  " + cause.Error()
	}
	return s
}

// configure reads --config and the configuration flags, and returns the other arguments.
func configure(e env, name string, args []string, more func(*flag.FlagSet)) (app.Config, []string, error) {
	set := flag.NewFlagSet(name, flag.ContinueOnError)
	set.SetOutput(e.err)
	file := set.String("config", "", "configuration file (YAML)")
	said := map[string]string{}
	for _, k := range app.Keys() {
		set.Func(strings.ReplaceAll(k, "_", "-"), app.Help(k), func(v string) error {
			said[k] = v
			return nil
		})
	}
	if more != nil {
		more(set)
	}
	if err := set.Parse(args); err != nil {
		return app.Config{}, nil, err
	}
	c, err := app.LoadConfig(*file, e.environ)
	for k, v := range said {
		err = errors.Join(err, c.Set(k, v))
	}
	return c, set.Args(), err
}
