package web

import (
	"context"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"anlan/internal/fault"
	"anlan/internal/identity"
	"anlan/internal/identity/audit"
	"anlan/internal/quantity"
	"anlan/internal/sl651"
	"anlan/internal/store"
	"anlan/internal/telemetry"
	"anlan/internal/telemetry/book"
	"anlan/internal/telemetry/session"
)

// GaugeRequest is what a person wants of a station (召测).
type GaugeRequest struct {
	Address     string         `json:"address,omitempty" maxLength:"10" doc:"Of the field station, where the object has several"`
	What        string         `json:"what" enum:"now,elements,period,clock,set_clock,version,status,read_config,write_config"`
	Elements    []string       `json:"elements,omitempty" maxItems:"64" doc:"In hex: of elements, and one of a period"`
	From        time.Time      `json:"from,omitempty" doc:"Of a period, cut to its hour"`
	To          time.Time      `json:"to,omitempty"`
	StepMinutes int            `json:"step_minutes,omitempty" minimum:"0" maximum:"1440" doc:"Of a period; 0 for hourly blocks"`
	Parameters  []string       `json:"parameters,omitempty" maxItems:"64" doc:"Of read_config, in hex: all below 20 (basic configuration), or all from 20 on (running parameters)"`
	Settings    []GaugeSetting `json:"settings,omitempty" maxItems:"64" doc:"Of write_config, all of one table as with parameters; the password is not set from here"`
	Why         string         `json:"why,omitempty" maxLength:"200"`
}

// GaugeSetting is a parameter of a station (annex D of SL 651-2014).
type GaugeSetting struct {
	Parameter string     `json:"parameter" maxLength:"4" doc:"Identifier in hex"`
	Value     string     `json:"value" maxLength:"400" doc:"A figure; of a basic parameter other than the working mode (0C) its bytes in hex digits"`
	Name      fault.Text `json:"name,omitempty" readOnly:"true"`
	Unit      string     `json:"unit,omitempty" readOnly:"true"`
}

// gaugeFunctions are the functions by which stations are asked; those of parameters hang on the parameter.
var gaugeFunctions = map[string]sl651.Function{
	"now": sl651.QueryNow, "elements": sl651.QueryElements, "period": sl651.QueryPeriod, "clock": sl651.QueryClock, "set_clock": sl651.SetClock,
	"version": sl651.QueryVersion, "status": sl651.QueryStatus, "read_config": sl651.ReadBasic, "write_config": sl651.WriteBasic,
}

// firstRunning is the first identifier of the running parameters, table D.4; those before are the basic configuration, table D.1.
const firstRunning sl651.ID = 0x20

// parameterMode (工作方式) is the only basic parameter that is a figure.
const parameterMode sl651.ID = 0x0C

// request makes the gateway's request of what a person wants.
func (b *GaugeRequest) request(a sl651.Address, who string) (telemetry.Request, error) {
	r := telemetry.Request{
		Station: a, Function: gaugeFunctions[b.What], From: b.From, To: b.To, Who: who, Why: b.Why,
		Step: sl651.Step{Days: uint8(b.StepMinutes / 1440), Hours: uint8(b.StepMinutes % 1440 / 60), Minutes: uint8(b.StepMinutes % 60)},
	}
	var err error
	if r.Elements, err = identifiers(b.Elements, "elements"); err != nil {
		return r, err
	}
	if r.Names, err = identifiers(b.Parameters, "parameters"); err != nil {
		return r, err
	}
	for i := range b.Settings {
		set, err := b.Settings[i].setting(fmt.Sprintf("settings[%d]", i))
		if err != nil {
			return r, err
		}
		r.Settings = append(r.Settings, set)
	}
	switch {
	case r.Function == sl651.ReadBasic && len(r.Names) > 0 && r.Names[0] >= firstRunning:
		r.Function = sl651.ReadRunning
	case r.Function == sl651.WriteBasic && len(r.Settings) > 0 && r.Settings[0].ID >= firstRunning:
		r.Function = sl651.WriteRunning
	}
	return r, nil
}

// identifiers reads a list of identifiers in hex.
func identifiers(list []string, place string) ([]sl651.ID, error) {
	var out []sl651.ID
	for i, text := range list {
		id, err := book.ParseElement(text)
		if err != nil {
			return nil, fault.Invalidf("telemetry.element", "没有标识符 %q", "there is no identifier %q", text).At(fmt.Sprintf("%s[%d]", place, i), fault.T("无效", "not valid"))
		}
		out = append(out, id)
	}
	return out, nil
}

func (g *GaugeSetting) setting(place string) (telemetry.Setting, error) {
	bad := func(zh, en string) error {
		return fault.Invalidf("telemetry.request", "请求有误", "the request is wrong").At(place, fault.T(zh, en))
	}
	id, err := book.ParseElement(g.Parameter)
	if err != nil {
		return telemetry.Setting{}, bad("没有此参数", "there is no such parameter")
	}
	out := telemetry.Setting{ID: id}
	if id >= firstRunning || id == parameterMode {
		d, err := quantity.Parse(g.Value)
		if err != nil {
			return out, bad("须为数值", "a figure is needed")
		}
		out.Value = quantity.Some(d)
		return out, nil
	}
	if out.Data, err = hex.DecodeString(g.Value); err != nil || len(out.Data) == 0 {
		return out, bad("须为十六进制字节", "bytes in hex digits are needed")
	}
	return out, nil
}

// GaugeAnswer is what a station answered; its readings are kept like all others.
type GaugeAnswer struct {
	Sent       *time.Time     `json:"sent,omitempty" doc:"By the station's clock"`
	Text       string         `json:"text,omitempty"`
	Alarms     []string       `json:"alarms"`
	Readings   []GaugeReading `json:"readings"`
	Parameters []GaugeSetting `json:"parameters" doc:"As the station tells them, also after they were written"`
}

func (s *Server) askGauge(ctx context.Context, p *identity.Principal, in *struct {
	ID   int64 `path:"id" minimum:"1"`
	Body GaugeRequest
},
) (*GaugeAnswer, error) {
	b := &in.Body
	a, err := s.addressOf(ctx, p, in.ID, b.Address)
	if err != nil {
		return nil, err
	}
	o, err := s.getObject(ctx, p, &objectInput{in.ID})
	if err != nil {
		return nil, err
	}
	if !p.Can(identity.ObjectWrite, "", o.DivisionID) {
		return nil, fault.Forbiddenf("telemetry.forbidden", "您无权召测该区划的测站", "you may not ask stations of this division")
	}
	r, err := b.request(a, p.Name())
	if err != nil {
		return nil, err
	}
	if len(r.Settings) > 0 && !p.Can(identity.GaugeConfigure, "", o.DivisionID) {
		return nil, fault.Forbiddenf("telemetry.forbidden", "您无权修改该区划测站的参数", "you may not write parameters of stations of this division")
	}
	if len(r.Settings) > 0 && strings.TrimSpace(b.Why) == "" {
		return nil, fault.Invalidf("telemetry.request", "请求有误", "the request is wrong").At("why", fault.T("修改参数须写明理由", "parameters are written with a reason"))
	}
	if len(r.Settings) > 0 { // before it is sent: what changed a station is on record even where the server ends meanwhile
		err := s.Store.Write(ctx, func(tx *store.Tx) error {
			return audit.Append(ctx, tx, audit.Entry{
				At: s.Now(), Actor: p.Actor(), Action: "telemetry.configure", ObjectKind: "object", ObjectID: strconv.FormatInt(in.ID, 10), DivisionID: &o.DivisionID,
				Detail: map[string]any{"station": a.String(), "settings": b.Settings, "why": b.Why},
			})
		})
		if err != nil {
			return nil, err
		}
	}
	reports, err := s.Gateway.Ask(ctx, r)
	if err != nil {
		return nil, err
	}
	return gaugeAnswer(reports), nil
}

func gaugeAnswer(reports []session.Report) *GaugeAnswer {
	out := &GaugeAnswer{Alarms: []string{}, Readings: []GaugeReading{}, Parameters: []GaugeSetting{}}
	for i := range reports {
		r := &reports[i]
		if !r.Sent.IsZero() {
			out.Sent = &r.Sent
		}
		out.Text += r.Text
		if r.Status != nil {
			out.Alarms = gaugeContact(&book.Health{Status: r.Status}, true).Alarms
		}
		for _, d := range r.Readings {
			one := GaugeReading{Quantity: d.Quantity, At: d.At, Value: d.Value, SpanS: int64(d.Interval / time.Second), Flags: []string{}, Counts: d.Value.Valid}
			out.Readings = append(out.Readings, one)
		}
		for _, t := range r.Parameters {
			row, _ := sl651.ParameterOf(t.ID)
			out.Parameters = append(out.Parameters, GaugeSetting{t.ID.String(), t.Value, row.Name, row.Unit})
		}
	}
	return out
}

// gaugeParameters lists what read_config and write_config know.
func gaugeParameters() []GaugeSetting {
	var out []GaugeSetting
	for _, row := range sl651.Parameters() {
		if row.ID != sl651.PasswordParameter {
			out = append(out, GaugeSetting{Parameter: row.ID.String(), Name: row.Name, Unit: row.Unit})
		}
	}
	return out
}
