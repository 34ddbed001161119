package evidence

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"anlan/internal/fault"
)

// Content is a kept file with its bytes, all of which were held against the hash before it was handed out. It can seek, so that
// parts of a video can be asked for. Close it.
type Content struct {
	File
	io.ReadSeeker
	closer io.Closer
}

// Close gives the file back.
func (c *Content) Close() error { return c.closer.Close() }

// Open hands out a file after reading it once and holding it against its hash and size: a file that is missing or changed is a
// fault that says so, before a byte has left. Kept files are read-only and replaced only as a whole, so what was verified is what
// is read from the open file afterwards. Who may read it has been decided by the caller.
func (s *Service) Open(ctx context.Context, h Hash) (*Content, error) {
	if !h.Valid() {
		return nil, Unknown(h)
	}
	f, err := s.File(ctx, s.db, h)
	if err != nil {
		return nil, err
	}
	file, err := s.folder.open(ctx, h, f.Size)
	if err != nil {
		return nil, err
	}
	return &Content{File: f, ReadSeeker: file, closer: file}, nil
}

// open opens a file, verifies all of it and stands at its beginning.
func (f folder) open(ctx context.Context, h Hash, size int64) (*os.File, error) {
	file, err := os.Open(f.path(h))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, missing(h)
	}
	if err != nil {
		return nil, unreadable(h, err)
	}
	err = verify(ctx, file, h, size)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		file.Close() //nolint:errcheck // only read
		return nil, err
	}
	return file, nil
}

// verify reads a file to its end and holds it against its hash.
func verify(ctx context.Context, r io.Reader, h Hash, size int64) error {
	sum := sha256.New()
	n, err := copyWhile(ctx, sum, r)
	if err != nil {
		return unreadable(h, err)
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != string(h) || n != size {
		return changed(h, fmt.Errorf("%d bytes of hash %s are there, %d bytes were kept", n, got, size))
	}
	return nil
}

// copyWhile copies until the end, or until nobody waits any more.
func copyWhile(ctx context.Context, w io.Writer, r io.Reader) (int64, error) {
	total := int64(0)
	for {
		if err := ctx.Err(); err != nil {
			return total, err
		}
		n, err := io.CopyN(w, r, 8<<20)
		total += n
		if errors.Is(err, io.EOF) {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
}

const codeMissing = "evidence.missing"

func missing(h Hash) error {
	return fault.New(fault.Internal, codeMissing, fault.T("附件文件丢失，请管理员从备份恢复，或由原提交人重新上传同一文件", "the file is gone from the evidence folder; an administrator can restore it from a backup, or its sender can send the very same file again")).
		Because(fmt.Errorf("evidence %s", h))
}

func changed(h Hash, cause error) error {
	return fault.New(fault.Internal, "evidence.changed", fault.T("附件文件与入库时不一致（损坏或被改动），不予提供，请管理员从备份恢复", "the file is not what was put in (damaged or tampered with) and is not handed out; an administrator can restore it from a backup")).
		Because(fmt.Errorf("evidence %s: %w", h, cause))
}

func unreadable(h Hash, cause error) error {
	if errors.Is(cause, context.Canceled) || errors.Is(cause, context.DeadlineExceeded) {
		return cause
	}
	return fault.New(fault.Unavailable, "evidence.unreadable", fault.T("附件目录读不出来", "the evidence folder cannot be read")).
		Because(fmt.Errorf("evidence %s: %w", h, cause))
}
