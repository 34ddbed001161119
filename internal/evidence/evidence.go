// Package evidence keeps files that prove something: photos, videos and papers, each under the SHA-256 of its bytes.
//
// A file is whole on the disk before its row is written, and its row is committed before anybody is told; a crash leaves at
// most a file without a row, which Sweep removes. Reading verifies the hash first. What a camera claims of time and place is
// kept apart and vouched for by nobody. Which matter a file belongs to, and who may see it, is the business of the rooms above.
package evidence

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"anlan/internal/evidence/media"
	"anlan/internal/fault"
	"anlan/internal/store"
)

// Hash is the SHA-256 of a file's bytes in 64 small hexadecimal letters; it is also the file's identity.
type Hash string

// Valid reports whether h has the form of a hash. Nothing else is ever made part of a path.
func (h Hash) Valid() bool {
	b, err := hex.DecodeString(string(h))
	return err == nil && len(b) == 32 && strings.ToLower(string(h)) == string(h)
}

// Limits bound what is taken.
type Limits struct {
	Image, Document, Video int64 // bytes of a file
	media.Bounds
	Memory int64 // bytes that decoding one picture for its thumbnail may take
}

// DefaultLimits fit phones: a picture of 108 million pixels, a video of some minutes.
func DefaultLimits() Limits {
	return Limits{
		Image: 40 << 20, Document: 50 << 20, Video: 200 << 20,
		Bounds: media.Bounds{Pixels: 120_000_000, Unpacked: 512 << 20}, Memory: 512 << 20,
	}
}

func (l Limits) of(f media.Family) int64 {
	switch f {
	case media.Image:
		return l.Image
	case media.Video:
		return l.Video
	}
	return l.Document
}

// Largest is the largest file that any limit takes.
func (l Limits) Largest() int64 { return max(l.Image, l.Document, l.Video) }

// Options of New. Limits may be zero for DefaultLimits.
type Options struct {
	Store  *store.DB
	Folder string
	Now    func() time.Time
	Limits Limits
}

// Service keeps the files; its methods may be called from many goroutines.
type Service struct {
	db     *store.DB
	folder folder
	now    func() time.Time
	limits Limits
	draw   chan struct{} // one picture is decoded at a time

	claiming sync.Mutex // guards claimed
	claimed  bool
}

// New makes the service; the folder is made with the first file.
func New(o Options) *Service {
	if o.Limits == (Limits{}) {
		o.Limits = DefaultLimits()
	}
	return &Service{db: o.Store, folder: folder(o.Folder), now: o.Now, limits: o.Limits, draw: make(chan struct{}, 1)}
}

// Limits are what the service takes.
func (s *Service) Limits() Limits { return s.limits }

// File is what is known of a kept file.
type File struct {
	Hash   Hash       `json:"hash"`
	Size   int64      `json:"size" doc:"Bytes"`
	Media  media.Type `json:"media" doc:"By the bytes, never by the name"`
	Name   string     `json:"name" doc:"As the first who put it in called it"`
	Width  *int64     `json:"width" doc:"Pixels as shown, after turning; null where the type has none"`
	Height *int64     `json:"height"`
	Camera Camera     `json:"camera" doc:"What the camera claims; no proof"`
	ByID   string     `json:"by_id"`
	ByName string     `json:"by_name"`
	At     time.Time  `json:"at" doc:"When it was first put in"`
}

// Camera is what a picture's EXIF claims.
type Camera struct {
	TakenAt     *time.Time `json:"taken_at"`
	ZoneAssumed bool       `json:"zone_assumed" doc:"The camera wrote no offset: Beijing time was assumed"`
	Place       *Place     `json:"place,omitempty"`
	Model       string     `json:"model"`
}

// Place is a place in ten-millionths of a degree.
type Place struct {
	LonE7 int64 `json:"lon_e7"`
	LatE7 int64 `json:"lat_e7"`
}

// Unknown is the fault for a hash that no row has.
func Unknown(h Hash) error {
	return fault.NotFoundf("evidence.unknown", "没有这个附件", "there is no such file")
}

const fileColumns = `hash, size, media, name, width, height, taken_at, taken_zone, exif_lon_e7, exif_lat_e7, exif_camera, by_id, by_name, at`

// File reads the row of a file, in a transaction or outside.
func (s *Service) File(ctx context.Context, q store.Querier, h Hash) (File, error) {
	f, err := scanFile(q.QueryRowContext(ctx, `SELECT `+fileColumns+` FROM evidence_file WHERE hash = $1`, string(h)))
	if errors.Is(err, sql.ErrNoRows) {
		return f, Unknown(h)
	}
	if err != nil {
		return f, fmt.Errorf("read evidence file %s: %w", h, err)
	}
	return f, nil
}

func scanFile(row interface{ Scan(...any) error }) (File, error) {
	var f File
	var width, height, taken, lon, lat sql.NullInt64
	var zone string
	var at int64
	err := row.Scan(&f.Hash, &f.Size, &f.Media, &f.Name, &width, &height, &taken, &zone, &lon, &lat, &f.Camera.Model, &f.ByID, &f.ByName, &at)
	if err != nil {
		return f, err
	}
	f.Width, f.Height, f.At = some(width), some(height), time.UnixMilli(at).UTC()
	if taken.Valid {
		t := time.UnixMilli(taken.Int64).UTC()
		f.Camera.TakenAt, f.Camera.ZoneAssumed = &t, zone == zoneAssumed
	}
	if lon.Valid && lat.Valid {
		f.Camera.Place = &Place{lon.Int64, lat.Int64}
	}
	return f, nil
}

const (
	zoneGiven   = "camera"
	zoneAssumed = "assumed"
)

func some(n sql.NullInt64) *int64 {
	if !n.Valid {
		return nil
	}
	return &n.Int64
}

// HasPut reports whether a person has put these very bytes in. Whoever makes a file part of a matter must either have put it
// in or be allowed to see it already: a hash alone may have been read somewhere.
func (s *Service) HasPut(ctx context.Context, q store.Querier, h Hash, account string) (bool, error) {
	var n int64
	err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM evidence_put WHERE hash = $1 AND by_id = $2`, string(h), account).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look who put in %s: %w", h, err)
	}
	return n > 0, nil
}
