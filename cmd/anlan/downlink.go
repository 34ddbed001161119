package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/hydrotime"
	"anlan/internal/telemetry/station"
	"anlan/internal/web"
)

const downlinkHelp = `anlan downlink --server URL --token-file FILE [--json] [--why TEXT] STATION REQUEST

Asks a field station that is connected to a running server, and prints what it answers. STATION is its address, ten hex digits. The request is
recorded with the account whose token it is.

query-now [ELEMENT…]            newest values (37), or those of elements (3A) by their identifiers in hex
query-period FROM TO            a past period (38): --element 22, --step 5m; --element F4 to FC for hourly blocks, without --step
clock [set]                     reads the station's clock (51), or sets it (4A)
version, status                 45, 46
read-config PARAMETER…          41 below 20 (basic configuration), 43 from 20 on (running parameters), in hex
write-config PARAMETER=VALUE…   40, 42, with --why: a figure; of a basic parameter but the working mode (0C) its bytes in hex digits

FROM and TO are RFC 3339, or 2026-07-02 08:00 in the field's zone. The token needs the permission object.write where the station lies, and
gauge.configure to write. Its file holds nothing else. Exit code 0: answered; 1: no answer, not connected, refused; 2: called wrongly.

An example:

$ anlan downlink --server http://127.0.0.1:8080 --token-file token 0061200815 query-period "2026-07-02 08:00" "2026-07-02 11:00" --element 22 --step 5m
`

// downlinkFlags are what the command is told.
type downlinkFlags struct {
	server, token, why, element string
	step                        time.Duration
	json                        bool
}

func runDownlink(ctx context.Context, e env, args []string) error {
	var f downlinkFlags
	set := flags("downlink")
	set.StringVar(&f.server, "server", "", "")
	set.StringVar(&f.token, "token-file", "", "")
	set.StringVar(&f.why, "why", "", "")
	set.StringVar(&f.element, "element", "", "")
	set.DurationVar(&f.step, "step", 0, "")
	set.BoolVar(&f.json, "json", false, "")
	words, err := mixed(e, set, args)
	if err != nil {
		return err
	}
	if len(words) < 2 {
		return fmt.Errorf("%w: anlan downlink --server URL --token-file FILE STATION REQUEST; --help tells more", errUsage)
	}
	ask, err := f.request(words[1], words[2:])
	if err != nil {
		return err
	}
	r, err := newRemote(f.server, f.token)
	if err != nil {
		return err
	}
	var known struct {
		Items []web.GaugeHealth `json:"items"`
	}
	if err := r.call(ctx, "GET", "/api/gauges/health?station="+url.QueryEscape(words[0]), nil, &known); err != nil {
		return err
	}
	if len(known.Items) != 1 {
		return fault.NotFoundf("telemetry.unknown", "没有测站 %s，或不在您的权限范围内", "there is no station %s, or it is outside your scope", words[0])
	}
	ask.Address = known.Items[0].Station
	var got web.GaugeAnswer
	begun := time.Now()
	if err := r.call(ctx, "POST", fmt.Sprintf("/api/gauges/%d/requests", known.Items[0].Object), ask, &got); err != nil {
		return err
	}
	if f.json {
		return json.NewEncoder(e.out).Encode(got)
	}
	fmt.Fprintf(e.out, "%s answered after %s\n", ask.Address, time.Since(begun).Round(10*time.Millisecond))
	printAnswer(e.out, &got)
	return nil
}

// mixed reads flags before, between and behind the other words.
func mixed(e env, set *flag.FlagSet, args []string) (words []string, err error) {
	for {
		if err := parse(e, set, downlinkHelp, args); err != nil {
			return nil, err
		}
		if args = set.Args(); len(args) == 0 {
			return words, nil
		}
		words, args = append(words, args[0]), args[1:]
	}
}

// request makes the API's request of the words of the command line.
func (f *downlinkFlags) request(what string, rest []string) (web.GaugeRequest, error) {
	r := web.GaugeRequest{Why: f.why}
	wrong := func(says string) (web.GaugeRequest, error) { return r, fmt.Errorf("%w: %s", errUsage, says) }
	none := len(rest) == 0
	switch {
	case what == "query-now" && none:
		r.What = "now"
	case what == "query-now":
		r.What, r.Elements = "elements", rest
	case what == "query-period":
		if len(rest) != 2 || f.element == "" {
			return wrong("query-period FROM TO --element ID, and --step of 1m to 24h but for F4 to FC")
		}
		var from, to error
		r.From, from = station.ParseTime(rest[0])
		r.To, to = station.ParseTime(rest[1])
		if err := errors.Join(from, to); err != nil {
			return wrong(err.Error())
		}
		if f.step%time.Minute != 0 || f.step < 0 || f.step > 24*time.Hour {
			return wrong("--step is whole minutes up to a day")
		}
		r.What, r.Elements, r.StepMinutes = "period", []string{f.element}, int(f.step/time.Minute)
	case what == "clock" && none:
		r.What = "clock"
	case what == "clock" && len(rest) == 1 && rest[0] == "set":
		r.What = "set_clock"
	case (what == "version" || what == "status") && none:
		r.What = what
	case what == "read-config" && !none:
		r.What, r.Parameters = "read_config", rest
	case what == "write-config" && !none:
		r.What = "write_config"
		for _, w := range rest {
			id, value, ok := strings.Cut(w, "=")
			if !ok || id == "" || value == "" {
				return wrong("write-config PARAMETER=VALUE…")
			}
			r.Settings = append(r.Settings, web.GaugeSetting{Parameter: id, Value: value})
		}
	default:
		return wrong("query-now, query-period, clock, version, status, read-config or write-config; --help tells more")
	}
	return r, nil
}

func printAnswer(out io.Writer, a *web.GaugeAnswer) {
	if a.Sent != nil {
		fmt.Fprintf(out, "clock  %s\n", a.Sent.In(hydrotime.Beijing).Format("2006-01-02 15:04:05 -07:00"))
	}
	if a.Text != "" {
		fmt.Fprintf(out, "text  %s\n", strings.ToValidUTF8(a.Text, "?"))
	}
	for _, w := range a.Alarms {
		fmt.Fprintf(out, "alarm  %s\n", w)
	}
	for _, r := range a.Readings {
		value := "missing"
		if r.Value.Valid {
			value = r.Value.Decimal.String()
		}
		fmt.Fprintf(out, "%-16s %12s  %s\n", r.Quantity, value, r.At.In(hydrotime.Beijing).Format("2006-01-02 15:04"))
	}
	for _, p := range a.Parameters {
		fmt.Fprintf(out, "%-4s %s %s  %s\n", p.Parameter, p.Value, p.Unit, p.Name.En+" / "+p.Name.Zh)
	}
}
