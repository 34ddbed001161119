package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"

	"anlan/internal/fault"

	"github.com/danielgtaylor/huma/v2"
)

// Problem is the body of every refusal: what kind, a stable code, the sentence in both languages, and the places.
type Problem struct {
	status  int
	Kind    fault.Kind    `json:"kind"`
	Code    string        `json:"code"`
	Message fault.Text    `json:"message"`
	Fields  []fault.Field `json:"fields,omitempty"`
	Current any           `json:"current,omitempty" doc:"What the store holds, where two people edited one thing"`
}

// Error implements error.
func (p *Problem) Error() string { return p.Code + ": " + p.Message.En }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/json" }

// statusOf is the one table from kinds to HTTP.
var statusOf = map[fault.Kind]int{
	fault.Invalid:         http.StatusBadRequest,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.TooMany:         http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
	fault.Internal:        http.StatusInternalServerError,
}

// problemOf turns an error into what its reader may see of it.
func problemOf(err error) *Problem {
	var f *fault.Error
	if errors.As(err, &f) {
		return &Problem{status: statusOf[f.Kind], Kind: f.Kind, Code: f.Code, Message: f.Text, Fields: f.Fields, Current: f.Current}
	}
	return &Problem{
		status: http.StatusInternalServerError, Kind: fault.Internal, Code: "internal",
		Message: fault.T("系统内部错误，已记录", "an internal error, which has been recorded"),
	}
}

// answer logs what operators must know of an error and returns what the reader may see.
func (s *Server) answer(ctx context.Context, r Route, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return &Problem{status: 499, Kind: fault.Unavailable, Code: "canceled", Message: fault.T("请求已取消", "the request was cancelled")}
	}
	p := problemOf(s.Store.Explain(err))
	if p.status >= 500 {
		s.Log.Error("request failed", "route", r.ID, "err", err)
	}
	return p
}

// refusal makes huma's own refusals (a bad parameter, an oversized body) the same Problem as the domains'.
func refusal(status int, message string, causes ...error) huma.StatusError {
	p := &Problem{status: status, Kind: fault.Invalid, Code: "request.invalid", Message: fault.T("请求内容有误："+message, message)}
	for kind, code := range statusOf {
		if code == status {
			p.Kind = kind
		}
	}
	if status == http.StatusUnprocessableEntity {
		p.status = http.StatusBadRequest
		p.Message = fault.T("请求内容有误", "the request is not valid")
	}
	for _, c := range causes {
		var d *huma.ErrorDetail
		if errors.As(c, &d) {
			p.Fields = append(p.Fields, fault.Field{Place: d.Location, Text: said(d.Message)})
		} else if c != nil {
			p.Fields = append(p.Fields, fault.Field{Place: "", Text: said(c.Error())})
		}
	}
	return p
}

// recover turns a panic of a handler into one refused request, logged with its stack and counted.
func (s *Server) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil || v == http.ErrAbortHandler { //nolint:errorlint // the sentinel is compared as net/http does
				return
			}
			s.stats.panics.Inc()
			s.Log.Error("handler panicked", "path", r.URL.Path, "err", fmt.Sprint(v), "stack", string(debug.Stack()))
			writeProblem(w, problemOf(fmt.Errorf("panic: %v", v)))
		}()
		next.ServeHTTP(w, r)
	})
}
