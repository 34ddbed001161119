package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"anlan/internal/evidence/exif"
	"anlan/internal/evidence/media"
	"anlan/internal/fault"
	"anlan/internal/identity/audit"
	"anlan/internal/store"
)

// Put takes a file from a person and answers only when it cannot be lost any more: the bytes are on the disk under their hash,
// the folder is, and the row with its audit entry is committed, in this order. The same bytes again give the same row. name is
// what the person calls the file; it is shown and never used as a path.
func (s *Service) Put(ctx context.Context, by audit.Actor, name string, body io.Reader) (File, error) {
	head := make([]byte, media.HeadSize)
	n, err := io.ReadFull(body, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return File{}, broken(err)
	}
	family, err := media.Guess(head[:n])
	if err != nil {
		return File{}, err
	}
	if err := s.Claim(ctx); err != nil {
		return File{}, err
	}
	a, err := receiveInto(ctx, s.folder, io.MultiReader(bytes.NewReader(head[:n]), body), s.limits.of(family))
	if err != nil {
		return File{}, err
	}
	defer a.discard()
	info, err := media.Identify(a.file, a.size, s.limits.Bounds)
	if err != nil {
		return File{}, err
	}
	f := describe(info)
	f.Hash, f.Size, f.Name, f.ByID, f.ByName, f.At = a.hash(), a.size, cleanName(name, info.Type), by.ID, by.Name, s.now().UTC()
	if err := a.settle(s.folder.path(f.Hash)); err != nil {
		return File{}, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) (err error) {
		f, err = s.record(ctx, tx, f)
		return err
	})
	return f, err
}

// broken tells a sender that the body ended early; a fault of the reader, such as a body past its limit, stays as it is.
func broken(err error) error {
	if fault.KindOf(err) != fault.Internal {
		return err
	}
	return fault.Invalidf("evidence.cut", "文件未传完，请重传", "the file did not arrive whole; send it again").Because(err)
}

// arrival is a file on its way: in new/, under a name of its own.
type arrival struct {
	file    *os.File
	sum     hash.Hash
	size    int64
	settled bool
}

func receiveInto(ctx context.Context, f folder, body io.Reader, limit int64) (*arrival, error) {
	if err := makeFolder(f.arriving()); err != nil {
		return nil, unwritable(err)
	}
	file, err := os.CreateTemp(f.arriving(), "put-*")
	if err != nil {
		return nil, unwritable(err)
	}
	a := &arrival{file: file, sum: sha256.New()}
	if err := a.fill(ctx, body, limit); err != nil {
		a.discard()
		return nil, err
	}
	return a, nil
}

func (a *arrival) fill(ctx context.Context, body io.Reader, limit int64) error {
	buf := make([]byte, 128<<10)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := body.Read(buf)
		if a.size += int64(n); a.size > limit {
			return fault.New(fault.TooLarge, "evidence.size", fault.Tf("文件超过 %d MB", "the file is larger than %d MB", limit>>20))
		}
		a.sum.Write(buf[:n])
		if _, err := a.file.Write(buf[:n]); err != nil {
			return unwritable(err)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return broken(err)
		}
	}
}

// unwritable tells that the folder takes nothing; the cause is for the operator.
func unwritable(err error) error {
	return fault.New(fault.Unavailable, "evidence.disk", fault.T("附件目录写不进去（空间、权限或硬件），未保存", "the evidence folder takes no more (space, rights or hardware); nothing was saved")).Because(err)
}

func (a *arrival) hash() Hash { return Hash(hex.EncodeToString(a.sum.Sum(nil))) }

// settle puts the bytes under their name for good. A file that is there already is replaced by the same bytes, freshly written,
// so that one which was damaged or lost is whole again.
func (a *arrival) settle(path string) error {
	err := a.file.Chmod(0o400)
	if err == nil {
		err = a.file.Sync()
	}
	if err == nil {
		err = makeFolder(filepath.Dir(path))
	}
	if err == nil {
		err = os.Rename(a.file.Name(), path)
	}
	if err != nil {
		return unwritable(err)
	}
	a.settled = true
	if err := syncFolder(filepath.Dir(path)); err != nil {
		return unwritable(err)
	}
	return nil
}

// discard closes the file, and removes it unless it has settled. What a crash leaves here is removed by Sweep.
func (a *arrival) discard() {
	a.file.Close() //nolint:errcheck // its bytes were synced, or are given up
	if !a.settled {
		os.Remove(a.file.Name()) //nolint:errcheck // Sweep comes by
	}
}

// record writes the row, and that this person has put the bytes in. The audit entry takes the head of the chain, behind which
// Sweep queues: once it is taken, a file that is seen in its place stays there.
func (s *Service) record(ctx context.Context, tx *store.Tx, f File) (File, error) {
	var lon, lat *int64
	if p := f.Camera.Place; p != nil {
		lon, lat = &p.LonE7, &p.LatE7
	}
	var taken *int64
	zone := ""
	if t := f.Camera.TakenAt; t != nil {
		ms := t.UnixMilli()
		taken, zone = &ms, zoneGiven
		if f.Camera.ZoneAssumed {
			zone = zoneAssumed
		}
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO evidence_file (hash, size, media, name, width, height, taken_at, taken_zone, exif_lon_e7, exif_lat_e7, exif_camera, by_id, by_name, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (hash) DO NOTHING`,
		string(f.Hash), f.Size, string(f.Media), f.Name, f.Width, f.Height, taken, zone, lon, lat, f.Camera.Model, f.ByID, f.ByName, f.At.UnixMilli())
	if err != nil {
		return f, fmt.Errorf("write evidence file %s: %w", f.Hash, err)
	}
	res, err := tx.ExecContext(ctx, `
		INSERT INTO evidence_put (hash, by_id, by_name, name, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (hash, by_id) DO NOTHING`,
		string(f.Hash), f.ByID, f.ByName, f.Name, f.At.UnixMilli())
	if err != nil {
		return f, fmt.Errorf("write who put in %s: %w", f.Hash, err)
	}
	if n, err := res.RowsAffected(); err == nil && n > 0 {
		err = audit.Append(ctx, tx, audit.Entry{
			At: f.At, Actor: audit.Actor{ID: f.ByID, Name: f.ByName}, Action: "evidence.put", ObjectKind: "evidence", ObjectID: string(f.Hash),
			Detail: map[string]any{"name": f.Name, "size": f.Size, "media": f.Media},
		})
		if err != nil {
			return f, err
		}
	}
	if _, err := os.Stat(s.folder.path(f.Hash)); err != nil {
		return f, fault.New(fault.Unavailable, "evidence.swept", fault.T("附件刚被清理，请重传", "the file was swept away at this very moment; send it again")).Because(err)
	}
	return s.File(ctx, tx, f.Hash)
}

// describe turns what the headers say into the row. Width and height are given as the picture is shown.
func describe(info media.Info) File {
	f := File{Media: info.Type}
	claims, err := exif.Parse(info.EXIF)
	if err != nil {
		claims = exif.Claims{} // no block, or one that is none: the camera claims nothing
	}
	if info.Width > 0 {
		w, h := int64(info.Width), int64(info.Height)
		if claims.Orientation >= 5 {
			w, h = h, w
		}
		f.Width, f.Height = &w, &h
	}
	f.Camera = Camera{TakenAt: claims.Taken, ZoneAssumed: claims.ZoneAssumed, Model: claims.Camera}
	if p := claims.Place; p != nil {
		f.Camera.Place = &Place{p.LonE7, p.LatE7}
	}
	if t := f.Camera.TakenAt; t != nil {
		*t = t.Truncate(time.Millisecond)
	}
	return f
}

const nameMax = 120

// cleanName keeps the last part of a name in letters that can be shown. It ends as the bytes ask for: what is saved under another
// ending would be opened by another program.
func cleanName(name string, t media.Type) string {
	name = strings.ToValidUTF8(name, "")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.TrimSpace(strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069 {
			return -1 // controls, and marks that turn the direction of writing to hide an ending
		}
		return c
	}, name))
	for utf8.RuneCountInString(name) > nameMax {
		_, size := utf8.DecodeRuneInString(name)
		name = name[size:] // the ending stays
	}
	if strings.Trim(name, ". ") == "" {
		name = "file"
	}
	if !t.Ends(name) {
		name += t.Extension()
	}
	return name
}
