package flashflood

import (
	"slices"

	"anlan/internal/fault"
	"anlan/internal/hydro/basin"
)

// File is a village as it is written down. Units of measure stand in the keys.
type File struct {
	Name       string           `yaml:"name"`
	StepH      float64          `yaml:"dt_h"`
	AreaKM2    float64          `yaml:"area_km2"`
	Parameters basin.Parameters `yaml:"parameters"`
	Options    basin.Options    `yaml:"options,omitempty"`
	BaseFlow   float64          `yaml:"base_flow_m3s"`
	Section    *struct {
		X     []float64 `yaml:"x_m"`
		Z     []float64 `yaml:"z_m"`
		Slope float64   `yaml:"slope"`
		N     float64   `yaml:"manning_n"`
	} `yaml:"section,omitempty"`
	Rating *struct {
		Level []float64 `yaml:"level_m"`
		Flow  []float64 `yaml:"flow_m3s"`
	} `yaml:"rating,omitempty"`
	Stages struct {
		Ready float64 `yaml:"ready_m"`
		Move  float64 `yaml:"move_m"`
	} `yaml:"stages"`
	Windows []float64 `yaml:"windows_h"`
	Wetness []float64 `yaml:"wetness"`
}

// Read reads a village file and makes the village. Unknown keys and values that cannot be are told with the file's name and the line.
func Read(name string, src []byte) (*File, *Village, error) {
	f := &File{}
	if err := basin.Decode(name, src, f); err != nil {
		return nil, nil, err
	}
	f.StepH = basin.WholeMinutes(f.StepH)
	v, err := f.village()
	if err != nil {
		return nil, nil, basin.Located(name, src, err)
	}
	return f, v, nil
}

func (f *File) village() (*Village, error) {
	o, err := f.Options.XAJ()
	if err != nil {
		return nil, err
	}
	var stage Stage
	var known []float64 // levels
	switch {
	case (f.Section == nil) == (f.Rating == nil):
		return nil, fault.Invalidf("flashflood.stage", "section 与 rating 须且只须给出一个", "a village has a section or a rating, one of the two")
	case f.Section != nil:
		known = f.Section.Z
		stage, err = NewSection(f.Section.X, f.Section.Z, f.Section.Slope, f.Section.N)
	default:
		known = f.Rating.Level
		stage, err = NewRating(f.Rating.Level, f.Rating.Flow)
	}
	if err != nil {
		return nil, err
	}
	for _, level := range []float64{f.Stages.Ready, f.Stages.Move} {
		if top := slices.Max(known); level > top {
			return nil, fault.Invalidf("flashflood.stage", "预警水位 %g m 高于断面或关系线的最高点 %g m", "a stage of %g m is above the highest point that is known, %g m", level, top)
		}
	}
	if len(f.Windows) == 0 || len(f.Wetness) == 0 {
		return nil, fault.Invalidf("flashflood.window", "须给出时段 windows_h 与前期含水量 wetness", "windows_h and wetness are needed")
	}
	return NewVillage(f.Parameters.XAJ(), o, f.AreaKM2, f.StepH, f.BaseFlow, stage, f.Stages.Ready, f.Stages.Move)
}
