package app

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"anlan/internal/fault"

	"go.yaml.in/yaml/v3"
)

// Config is the configuration of a server. A key comes from the file, is overruled by ANLAN_… in the environment, and that by
// a flag; the name is the same in all three (listen, ANLAN_LISTEN, --listen).
type Config struct {
	Listen         string `yaml:"listen" help:"address to serve on"`
	Gauges         string `yaml:"gauges" help:"address for field stations by SL 651, TCP and UDP, such as :6510; none are listened to where empty"`
	Database       string `yaml:"database" help:"SQLite file, or postgres:// address"`
	Evidence       string `yaml:"evidence" help:"folder of photos and papers; evidence beside the SQLite file where empty"`
	City           string `yaml:"city" help:"division code the cockpit opens with"`
	MapNote        string `yaml:"map_note" help:"attribution and review number (审图号) shown on every map"`
	MapNoteEn      string `yaml:"map_note_en" help:"the same in English; the Chinese one is shown where it is absent"`
	TLSCertificate string `yaml:"tls_certificate" help:"certificate file; serves TLS when set"`
	TLSKey         string `yaml:"tls_key" help:"key file of the certificate"`
	LogLevel       string `yaml:"log_level" help:"debug, info, warn or error"`
	LogFormat      string `yaml:"log_format" help:"text or json"`
	SignInTries    int    `yaml:"sign_in_tries" help:"wrong passwords before an account is locked"`
	SignInLock     int    `yaml:"sign_in_lock_minutes" help:"minutes an account stays locked"`
	SessionHours   int    `yaml:"session_hours" help:"hours after which an idle session ends"`
}

// DefaultConfig is what holds where nothing is said.
func DefaultConfig() Config {
	return Config{
		Listen: "127.0.0.1:8080", Database: "data/anlan.db", City: "", MapNote: "", LogLevel: "info", LogFormat: "text",
		SignInTries: 5, SignInLock: 15, SessionHours: 12,
	}
}

// EvidenceFolder is where photos and papers lie; "" where PostgreSQL is used and no folder is named.
func (c *Config) EvidenceFolder() string {
	if c.Evidence != "" || strings.Contains(c.Database, "://") {
		return c.Evidence
	}
	return filepath.Join(filepath.Dir(c.Database), "evidence")
}

// mapNote is the note of the maps in both languages.
func (c *Config) mapNote() fault.Text {
	if c.MapNoteEn == "" {
		return fault.T(c.MapNote, c.MapNote)
	}
	return fault.T(c.MapNote, c.MapNoteEn)
}

// LoadConfig reads the file, if one is named, then the environment. Flags are the caller's to lay over it with Set.
func LoadConfig(file string, environ []string) (Config, error) {
	c := DefaultConfig()
	if file != "" {
		b, err := os.ReadFile(file)
		if err != nil {
			return c, fmt.Errorf("read configuration: %w", err)
		}
		d := yaml.NewDecoder(bytes.NewReader(b))
		d.KnownFields(true)
		if err := d.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
			return c, fault.Invalidf("config.file", "配置文件 %s 有误：%v（可用：%s）", "configuration file %s: %v (known keys: %s)", file, err, strings.Join(Keys(), ", "))
		}
	}
	return c, c.fromEnvironment(environ)
}

// notConfig are ANLAN_ variables that other parts read.
var notConfig = []string{"ANLAN_CONFIG", "ANLAN_TEST_POSTGRES", "ANLAN_BIN", "ANLAN_TOKEN", "ANLAN_SERVER"}

func (c *Config) fromEnvironment(environ []string) error {
	for _, kv := range environ {
		name, value, _ := strings.Cut(kv, "=")
		key, ours := strings.CutPrefix(name, "ANLAN_")
		if !ours || slices.Contains(notConfig, name) {
			continue
		}
		if err := c.Set(strings.ToLower(key), value); err != nil {
			return fmt.Errorf("environment variable %s: %w", name, err)
		}
	}
	return nil
}

// Keys lists the configuration keys.
func Keys() []string {
	t := reflect.TypeFor[Config]()
	var out []string
	for i := range t.NumField() {
		out = append(out, t.Field(i).Tag.Get("yaml"))
	}
	return out
}

// Help returns what a key is for.
func Help(key string) string {
	t := reflect.TypeFor[Config]()
	for i := range t.NumField() {
		if t.Field(i).Tag.Get("yaml") == key {
			return t.Field(i).Tag.Get("help")
		}
	}
	return ""
}

// Set sets one key from its text; an unknown one is named.
func (c *Config) Set(key, value string) error {
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("yaml") != key {
			continue
		}
		if v.Field(i).Kind() == reflect.String {
			v.Field(i).SetString(value)
			return nil
		}
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			return fault.Invalidf("config.value", "配置项 %s 应为非负整数，得到 %q", "key %s takes a whole number, got %q", key, value)
		}
		v.Field(i).SetInt(int64(n))
		return nil
	}
	return fault.Invalidf("config.key", "没有配置项 %q，可用：%s", "there is no key %q; known keys: %s", key, strings.Join(Keys(), ", "))
}

// Check says what cannot work before anything is opened.
func (c *Config) Check() error {
	bad := fault.Invalidf("config.invalid", "配置有误", "the configuration cannot work")
	if (c.TLSCertificate == "") != (c.TLSKey == "") {
		bad.At("tls_certificate", fault.T("证书与私钥须同时给出", "certificate and key go together"))
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, c.LogLevel) {
		bad.At("log_level", fault.T("应为 debug、info、warn 或 error", "is debug, info, warn or error"))
	}
	if !slices.Contains([]string{"text", "json"}, c.LogFormat) {
		bad.At("log_format", fault.T("应为 text 或 json", "is text or json"))
	}
	if c.EvidenceFolder() == "" {
		bad.At("evidence", fault.T("使用 PostgreSQL 时须给出附件目录", "with PostgreSQL the folder of evidence files must be named"))
	}
	if c.SignInTries < 1 || c.SignInLock < 1 || c.SessionHours < 1 {
		bad.At("sign_in_tries", fault.T("登录次数、锁定分钟、会话小时均须大于零", "tries, minutes and hours are above zero"))
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}
