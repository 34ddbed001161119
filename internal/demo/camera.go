package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"time"
)

// hasCamera says which stations of the demo look at their staff gauge.
func (p *post) hasCamera(k int) bool { return p.task == onRiver && k%6 == 0 }

// picture is what a camera at the staff gauge sees: the banks, the water as high as it is, and the limit as a red line. It is drawn, and looks
// like it.
func (p *post) picture(k int, at time.Time) []byte {
	const wide, high = 320, 240
	scale := 140 / float64(max(p.limit-p.base, 1)*2) // twice the way from the usual level to the limit is what the picture has room for
	above := func(mm int64) int { return 200 - int(math.Round(float64(mm-p.base)*scale)) }
	water, line := above(p.levelAt(k, at)), above(p.limit)
	img := image.NewRGBA(image.Rect(0, 0, wide, high))
	for y := range high {
		for x := range wide {
			c := color.RGBA{176, 190, 200, 255} // sky of rain
			bank := 110 + int(14*math.Sin(float64(x)/31)+6*math.Sin(float64(x)/7))
			switch {
			case y == line && x < 80:
				c = color.RGBA{200, 30, 40, 255}
			case x >= 40 && x < 56:
				c = staff(y)
				if y > water {
					c = color.RGBA{c.R / 2, c.G / 2, c.B/2 + 30, 255}
				}
			case y > water:
				c = color.RGBA{96, 98 + uint8(8*(1+math.Sin(float64(x+3*y)/9))), 86, 255}
			case y > bank:
				c = color.RGBA{70, 105, 64, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 70}); err != nil {
		return nil // a picture in memory is always written
	}
	return out.Bytes()
}

// staff is a staff gauge: black and white every ten rows.
func staff(y int) color.RGBA {
	if y/10%2 == 0 {
		return color.RGBA{235, 235, 230, 255}
	}
	return color.RGBA{40, 40, 44, 255}
}
