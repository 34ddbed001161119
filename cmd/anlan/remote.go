package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"anlan/internal/fault"
)

// remote is a running server, asked over its API with a token.
type remote struct {
	url, token string
	client     http.Client
}

// mostAnswer bounds what is read of an answer.
const mostAnswer = 64 << 20

// newRemote takes the address of a server and the file that holds a token, which is never an argument: other people see those of a process.
func newRemote(address, tokenFile string) (*remote, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("%w: --server http(s)://HOST[:PORT]", errUsage)
	}
	if tokenFile == "" {
		return nil, fmt.Errorf("%w: --token-file FILE, with an API token from the account's page", errUsage)
	}
	b, err := os.ReadFile(tokenFile)
	if err != nil {
		return nil, fmt.Errorf("read the token: %w", err)
	}
	return &remote{url: strings.TrimRight(address, "/"), token: strings.TrimSpace(string(b)), client: http.Client{Timeout: 5 * time.Minute}}, nil
}

// call asks the API; a refusal comes back as the fault that the server told.
func (r *remote) call(ctx context.Context, method, path string, body, into any) error {
	var sent io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("write the request: %w", err)
		}
		sent = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, r.url+path, sent)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+r.token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := r.client.Do(req)
	if err != nil {
		return fmt.Errorf("ask the server: %w", err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, mostAnswer))
	if err != nil {
		return fmt.Errorf("read the server's answer: %w", err)
	}
	if res.StatusCode >= 300 {
		return refusal(res.Status, b)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(b, into); err != nil {
		return fmt.Errorf("%s%s does not answer as this program's server does: %w", r.url, path, err)
	}
	return nil
}

// refusal is what a server told, or its status where it told nothing that can be read.
func refusal(status string, body []byte) error {
	var p struct {
		Kind    fault.Kind    `json:"kind"`
		Code    string        `json:"code"`
		Message fault.Text    `json:"message"`
		Fields  []fault.Field `json:"fields"`
	}
	if err := json.Unmarshal(body, &p); err != nil || p.Code == "" {
		return errors.New("the server answers " + status)
	}
	f := fault.New(p.Kind, p.Code, p.Message)
	for _, field := range p.Fields {
		f = f.At(field.Place, fault.T(field.Zh, field.En))
	}
	return f
}
