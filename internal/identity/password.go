package identity

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"

	"anlan/internal/fault"

	"golang.org/x/crypto/argon2"
)

// argon2id costs, after OWASP's password storage advice: 19 MiB, two passes, one lane.
const (
	hashMemory = 19 * 1024
	hashTime   = 2
	hashLanes  = 1
	hashLength = 32
	saltLength = 16
)

// hasher bounds how many hashes run at once, so that a flood of sign-ins holds little memory.
type hasher chan struct{}

func newHasher(atOnce int) hasher { return make(hasher, atOnce) }

func (h hasher) key(password string, salt []byte, memory, time uint32, lanes uint8) []byte {
	h <- struct{}{}
	defer func() { <-h }()
	return argon2.IDKey([]byte(password), salt, time, memory, lanes, hashLength)
}

// hash returns the password's hash in the PHC form.
func (h hasher) hash(password string) string {
	salt := make([]byte, saltLength)
	rand.Read(salt) //nolint:errcheck // crypto/rand.Read never fails
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashTime, hashLanes,
		enc.EncodeToString(salt), enc.EncodeToString(h.key(password, salt, hashMemory, hashTime, hashLanes)))
}

// matches reports whether a password is the one behind a hash.
func (h hasher) matches(password, phc string) bool {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	var memory, time uint32
	var lanes uint8
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &lanes); err != nil {
		return false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || memory > 1<<20 || time > 16 || lanes == 0 {
		return false
	}
	return subtle.ConstantTimeCompare(want, h.key(password, salt, memory, time, lanes)) == 1
}

const (
	passwordMin = 10
	passwordMax = 128
)

// CheckPassword says what is wrong with a new password.
func CheckPassword(password, login string) error {
	bad := func(zh, en string) error {
		return fault.New(fault.Invalid, "password.weak", fault.T(zh, en)).At("password", fault.T(zh, en))
	}
	lower := strings.ToLower(password)
	switch n := len([]rune(password)); {
	case n < passwordMin:
		return bad(fmt.Sprintf("密码至少 %d 个字符", passwordMin), fmt.Sprintf("a password has at least %d characters", passwordMin))
	case n > passwordMax:
		return bad(fmt.Sprintf("密码至多 %d 个字符", passwordMax), fmt.Sprintf("a password has at most %d characters", passwordMax))
	case login != "" && strings.Contains(lower, strings.ToLower(login)):
		return bad("密码不能包含登录名", "a password must not hold the sign-in name")
	case classes(password) < 2:
		return bad("密码须含字母、数字、符号中的至少两类", "a password mixes at least two of letters, digits and signs")
	case distinct(lower) < 5:
		return bad("密码重复字符过多", "a password repeats too few characters")
	}
	for _, common := range []string{"password", "1234567890", "12345678", "qwertyuiop", "abc123", "admin123", "anlan123", "iloveyou", "shuili"} {
		if strings.HasPrefix(lower, common) && len(lower)-len(common) < 4 {
			return bad("密码太常见", "the password is too common")
		}
	}
	return nil
}

func classes(s string) int {
	var letter, digit, other int
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letter = 1
		case unicode.IsDigit(r):
			digit = 1
		default:
			other = 1
		}
	}
	return letter + digit + other
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// NewPassword makes a first password that is easy to read out: three groups without look-alikes.
func NewPassword() string {
	const letters = "abcdefghjkmnpqrstuvwxyz23456789"
	b := make([]byte, 15)
	rand.Read(b) //nolint:errcheck // crypto/rand.Read never fails
	var out strings.Builder
	for i, c := range b {
		if i > 0 && i%5 == 0 {
			out.WriteByte('-')
		}
		out.WriteByte(letters[int(c)%len(letters)])
	}
	return out.String()
}
