#!/usr/bin/env bash
# skill.sh DATA OUT [chengcun] [hourly] [lahn] [creek]: fits the models to the basins of docs/skill.md and prints its tables.
#
# DATA holds the measured series; OUT gets every basin file, flow and score. `anlan` alone computes (ANLAN, or bin/anlan); the rest is
# bringing columns to their names. SEEDS is how many seeds there are (10); CV=no leaves the cross-validation out.
# shellcheck disable=SC2016 # labels are in Markdown
set -euo pipefail
usage="scripts/skill.sh DATA OUT [chengcun] [hourly] [lahn] [creek]"
data=$(cd "${1:?$usage}" && pwd)
mkdir -p "${2:?$usage}"
out=$(cd "$2" && pwd)
shift 2
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
anlan=${ANLAN:-$root/bin/anlan}
seeds=${SEEDS:-10}
[ -x "$anlan" ] || die "$anlan is not there: make it with scripts/build.sh, or name one with ANLAN"

# table HEADER FILE COLUMN... takes columns of a measured series by number, rows without a flow left out of one of flows.
zone="" # what is behind a time there
table() {
	local header=$1 file=$2
	shift 2
	awk -F, -v header="$header" -v columns="$*" -v zone="$zone" '
		BEGIN { n = split(columns, at, " "); print header }
		NR > 1 && (header != "time,q_m3s" || $at[n] != "") {
			row = $1 zone
			for (i = 2; i <= n; i++) row = row "," $at[i]
			print row
		}' "$file"
}

# The basin at hand: its name, step, area, flow to begin with, more lines of its file, what the search takes, what does not count.
name="" step="" area="" flow=""
lines=() search=() skip=()

# begin [LINE...] writes the basin to begin a search with; of its parameters only IM stays.
begin() {
	cat >"$out/$name.yaml" <<-END
		name: $name
		dt_h: $step
		area_km2: $area
		parameters: {KC: 0.9, UM_mm: 20, LM_mm: 60, C: 0.15, WM_mm: 150, B: 0.3, IM: 0.01, SM_mm: 30, EX: 1.5, KI_per_d: 0.35, KG_per_d: 0.35, CS_per_d: 0.2, CI_per_d: 0.7, CG_per_d: 0.98}
		initial: {WU_mm: 10, WL_mm: 30, WD_mm: 30, Q_m3s: $flow}
	END
	if [ $# -gt 0 ]; then printf '%s\n' "$@" >>"$out/$name.yaml"; fi
}

# fit AS FROM..TO [ARGUMENT...] searches, and runs what was found over the whole forcing.
fit() {
	local as=$out/$1 span=$2 band=()
	shift 2
	"$anlan" calibrate --basin "$out/$name.yaml" --forcing "$out/$name-f.csv" --observed "$out/$name-q.csv" --from "${span%..*}" --to "${span#*..}" \
		"${skip[@]}" "${search[@]}" "$@" --out "$as.yaml" >"$as.log" 2>&1 || die "see $as.log"
	if grep -q '^ensemble:' "$as.yaml"; then band=(--band 0.9); fi
	"$anlan" model xaj --basin "$as.yaml" --forcing "$out/$name-f.csv" --out "$as.csv" "${band[@]}" >>"$as.log"
}

# score AS FROM..TO [ARGUMENT...] prints NSE, KGE, log NSE, and the share of flows within the band where there is one.
score() {
	local as=$1 span=$2
	shift 2
	"$anlan" verify --observed "$out/$name-q.csv" --simulated "$out/$as.csv" --from "${span%..*}" --to "${span#*..}" --json "$@" | tr -d ' ,"' |
		awk -F: '{ v[$1] = $2 } END { printf "%.4f %.4f %.4f %s\n", v["nse"], v["kge"], v["lognse"], v["within"] == "" ? "-" : sprintf("%.1f", 100 * v["within"]) }'
}

# spread LABEL FILE prints the lowest, the median and the highest of each score.
spread() {
	local i names=(NSE KGE "log NSE" "flows within the band of 0.9, %")
	printf '\n| %s | lowest | median | highest |\n|---|---|---|---|\n' "$1"
	for i in 1 2 3 4; do
		cut -d' ' -f"$i" "$2" | sort -n |
			awk -v name="${names[i - 1]}" '{ v[NR] = $1 } END { print "| " name " | " v[1] " | " v[int((NR + 1) / 2)] " | " v[NR] " |" }'
	done
}

# many SPAN [SPAN...] fits the first span with every seed, and keeps the scores in it and in the others.
many() {
	local seed span
	for span in "$@"; do : >"$out/$name-$span.scores"; done
	for seed in $(seq "$seeds"); do
		fit "$name-$seed" "$1" --members 20 --seed "$seed"
		for span in "$@"; do score "$name-$seed" "$span" "${skip[@]}" >>"$out/$name-$span.scores"; done
	done
}

# halves LABEL OPTIONS FITTED SCORED FITTED SCORED [ARGUMENT...] fits a span and scores another, twice; OPTIONS is a line of the basin file.
halves() {
	local label=$1 options=$2 a=$3 b=$4 c=$5 d=$6
	shift 6
	begin "$options" "${lines[@]}"
	fit "$name-cv1" "$a" "$@"
	fit "$name-cv2" "$c" "$@"
	printf '| %s | %s | %s |\n' "$label" "$(pair "$(score "$name-cv1" "$b" "${skip[@]}")")" "$(pair "$(score "$name-cv2" "$d" "${skip[@]}")")"
}

# coverage AS LABEL SPAN [AS LABEL SPAN]... prints how many observed flows lie within bands of what was fitted, by what each band says.
coverage() {
	local p share as label span
	printf '\n| %s: flows within the band, %% | of 0.5 | of 0.8 | of 0.9 |\n|---|---|---|---|\n' "$name"
	while [ $# -gt 0 ]; do
		as=$1 label=$2 span=$3 share=()
		shift 3
		for p in 0.5 0.8 0.9; do
			"$anlan" model xaj --basin "$out/$as.yaml" --forcing "$out/$name-f.csv" --out "$out/$name-band.csv" --band "$p" >"$out/$name-band.log"
			share+=("$(score "$name-band" "$span" "${skip[@]}" | cut -d' ' -f4)")
		done
		printf '| %s | %s | %s | %s |\n' "$label" "${share[@]}"
	done
}

# unseen OPTIONS FITTED SCORED FITTED SCORED fits two spans as the search is set, and prints how the bands do in them and in the others.
unseen() {
	begin "$1" "${lines[@]}"
	fit "$name-u1" "$2" --members 20
	fit "$name-u2" "$4" --members 20
	coverage "$name-u1" "fitted $2" "$2" "$name-u1" "the same in $3" "$3" "$name-u2" "fitted $4" "$4" "$name-u2" "the same in $5" "$5"
}

pair() { awk '{ printf "%.3f, %.3f", $1, $2 }' <<<"$1"; }

# check says where rain and flow contradict each other (`doubtful`, as arguments of a search). Arguments go to it.
check() {
	local found
	found=$("$anlan" check --basin "$out/$name.yaml" --forcing "$out/$name-f.csv" --observed "$out/$name-q.csv" "$@")
	say "" "anlan check $*, $name:" "$found"
	mapfile -t doubtful < <(awk '$1 ~ /\.\./ { print "--exclude"; print $1 }' <<<"$found")
}
doubtful=()

with_cv() {
	[ "${CV:-}" != no ] || return 1
	printf '\n| %s | %s | %s |\n|---|---|---|\n' "$@"
}

chengcun() {
	name=chengcun step=24 area=290 flow=0.5 zone=""
	table time,p,pet "$data/chengcun_daily.csv" 1 12 13 >"$out/$name-f.csv"
	table time,q_m3s "$data/chengcun_daily.csv" 1 14 >"$out/$name-q.csv"
	begin 'options: {free_water: flat}'
	check
	local river=(--bound CR_per_d=0:0 --bound NM=1:5 --bound NK_h=1:100)
	search=("${river[@]}")
	many 1989-03-01..1994-12-31
	spread "Chengcun, $seeds seeds, 1989–94" "$out/$name-1989-03-01..1994-12-31.scores"
	with_cv Chengcun "fitted 1989–91, scored 1992–94: NSE, KGE" "fitted 1992–94, scored 1989–91: NSE, KGE" || return 0
	local a=1989-03-01..1991-12-31 b=1992-01-01..1994-12-31 flat='options: {free_water: flat}'
	search=()
	halves 'as it is' 'options: {}' $a $b $b $a
	halves '`free_water: flat`' "$flat" $a $b $b $a
	halves 'flat, `slice_runoff`' 'options: {free_water: flat, slice_runoff: true}' $a $b $b $a
	halves 'flat, `excess: spill`' 'options: {free_water: flat, excess: spill}' $a $b $b $a
	halves 'flat, KL' "$flat" $a $b $b $a --bound KL=0:0.5
	halves 'NM and NK' 'options: {}' $a $b $b $a "${river[@]}"
	halves 'flat, NM and NK' "$flat" $a $b $b $a "${river[@]}"
	halves 'flat, NM and NK, `--objective nse`' "$flat" $a $b $b $a "${river[@]}" --objective nse
	halves 'flat, NM and NK, `--objective kge`' "$flat" $a $b $b $a "${river[@]}" --objective kge
	halves 'flat, NM, NK and KL' "$flat" $a $b $b $a "${river[@]}" --bound KL=0:0.5
	search+=("${river[@]}")
	unseen "$flat" $a $b $b $a
}

hourly() {
	name=hourly step=1 area=920 flow=5 zone=:00Z
	table time,p,pet "$data/hourly_920km2.csv" 1 2 3 >"$out/$name-f.csv"
	table time,q_m3s "$data/hourly_920km2.csv" 1 4 >"$out/$name-q.csv"
	begin 'options: {free_water: flat}'
	check
	local wide=(--bound UM_mm=5:400 --bound LM_mm=20:400 --bound DM_mm=5:400 --bound C=0.05:0.6 --bound B=0.05:2 --bound CI_per_d=0.01:0.97 --bound CG_per_d=0.8:0.999)
	local river=(--bound CR_per_d=0:0 --bound NM=1:5 --bound NK_h=1:60) leak=(--bound KL=0:0.5) whole=2004-03-01..2006-12-31 seed
	search=(--evaluations 6000 "${wide[@]}" "${river[@]}" "${leak[@]}") skip=("${doubtful[@]}")
	many $whole
	spread "hourly, $seeds seeds, March 2004–2006 without the six days" "$out/$name-$whole.scores"
	for seed in $(seq "$seeds"); do score "$name-$seed" $whole; done >"$out/$name-all.scores"
	spread "the same flows scored with the six days" "$out/$name-all.scores"
	skip=()
	fit "$name-storm" $whole --members 20
	say "" "hourly, fitted and scored with the six days, seed 1: NSE, KGE, log NSE, within the band: $(score "$name-storm" $whole)"
	skip=("${doubtful[@]}")
	with_cv hourly "fitted 2004–05, scored 2006: NSE, KGE" "fitted 2005–06, scored 2004: NSE, KGE" || return 0
	local a=2004-03-01..2005-12-31 b=2006-01-01..2006-12-31 c=2005-01-01..2006-12-31 d=2004-03-01..2004-12-31 flat='options: {free_water: flat}'
	search=(--evaluations 3000 "${wide[@]}")
	halves 'as it is' 'options: {}' $a $b $c $d
	halves '`free_water: flat`' "$flat" $a $b $c $d
	halves 'flat, NM and NK' "$flat" $a $b $c $d "${river[@]}"
	halves 'flat, KL' "$flat" $a $b $c $d "${leak[@]}"
	halves 'flat, NM, NK and KL' "$flat" $a $b $c $d "${river[@]}" "${leak[@]}"
	search+=("${river[@]}" "${leak[@]}")
	unseen "$flat" $a $b $c $d
}

lahn() {
	step=24 flow=10 zone="" search=(--evaluations 4000) skip=()
	local gauge columns inflows fitted=1990-11-01..1999-12-31 unseen=2000-01-01..2009-12-31 river=(--bound CR_per_d=0:0 --bound NM=1:5 --bound NK_h=1:100)
	local snow='snow: {factor_mm_per_C_d: 3, melt_C: 0, snow_C: -1, rain_C: 1.5, hold: 0.1, freeze: 0.05}' flat='options: {free_water: flat}'
	local gauges='marburg 2 1666 1,3,4,5 none
		asslar 6 693 1,7,8,9 none
		leun 10 1212 1,11,12,13,2,6 [{column: marburg, KE_h: 24, XE: 0.2}, {column: asslar, KE_h: 24, XE: 0.2}]
		kalkofen 14 1733 1,15,16,17,10 [{column: leun, KE_h: 24, XE: 0.2}]'
	while read -r name gauge area columns inflows; do
		# shellcheck disable=SC2086 # column numbers
		table "time,p,t_C,pet$(sed 's/\[.*column: \([a-z]*\).*column: \([a-z]*\).*/,\1,\2/; s/\[.*column: \([a-z]*\).*/,\1/; s/^none$//' <<<"$inflows")" \
			"$data/lahn_daily.csv" ${columns//,/ } | awk -F, 'NR == 1 || $1 < "2010"' >"$out/$name-f.csv"
		table time,q_m3s "$data/lahn_daily.csv" 1 "$gauge" >"$out/$name-q.csv"
		begin "$flat" "$snow" "inflows: ${inflows/none/[]}"
		many $fitted $unseen
		spread "$name, $seeds seeds, fitted November 1990–99" "$out/$name-$fitted.scores"
		spread "$name, unseen 2000–09" "$out/$name-$unseen.scores"
		coverage "$name-1" 1990–99 $fitted "$name-1" "unseen 2000–09" $unseen
	done <<<"$gauges"
	with_cv Lahn "fitted 1990–95, scored 1995–99: NSE, KGE" "fitted 1995–99, scored 1990–95: NSE, KGE" || return 0
	local a=1990-11-01..1995-05-31 b=1995-06-01..1999-12-31
	while read -r name gauge area columns inflows; do
		lines=("$snow" "inflows: ${inflows/none/[]}")
		halves "$name, as it is" 'options: {}' $a $b $b $a
		halves "$name, \`free_water: flat\`" "$flat" $a $b $b $a
		halves "$name, flat, NM and NK" "$flat" $a $b $b $a "${river[@]}"
		halves "$name, flat, \`--objective nse\`" "$flat" $a $b $b $a --objective nse
	done <<<"$gauges"
	lines=()
}

creek() {
	name=creek step=24 area=339 flow=3 zone="" search=() skip=()
	table time,p,pet "$data/usgs_02430680_daily.csv" 1 2 3 >"$out/$name-f.csv"
	table time,q_m3s "$data/usgs_02430680_daily.csv" 1 4 >"$out/$name-q.csv"
	begin 'rain_begins_h: -6'
	check
	local clean=1988-10-01..1994-09-30 off=1994-10-01..1997-12-31 whole=1988-10-01..1997-12-31
	many $clean $off
	spread "creek, $seeds seeds, fitted October 1988 – September 1994" "$out/$name-$clean.scores"
	spread "creek, the same over October 1994–97, where the record contradicts the rain" "$out/$name-$off.scores"
	check --around 15
	skip=("${doubtful[@]}")
	many $whole
	spread "creek, $seeds seeds, fitted October 1988–1997 without these days" "$out/$name-$whole.scores"
	skip=()
	many $whole
	spread "creek, $seeds seeds, fitted October 1988–1997 with all days" "$out/$name-$whole.scores"
	with_cv creek "fitted 1988–91, scored 1991–94: NSE, KGE" "fitted 1991–94, scored 1988–91: NSE, KGE" || return 0
	local a=1988-10-01..1991-09-30 b=1991-10-01..1994-09-30 hour
	for hour in 0 -3 -6 -9 -12 -18 -24; do halves "\`rain_begins_h: $hour\`" "rain_begins_h: $hour" $a $b $b $a; done
	lines=('rain_begins_h: -6')
	halves '−6, `free_water: flat`' 'options: {free_water: flat}' $a $b $b $a
	halves '−6, `slice_runoff`' 'options: {slice_runoff: true}' $a $b $b $a
	halves '−6, NM and NK' 'options: {}' $a $b $b $a --bound CR_per_d=0:0 --bound NM=1:5 --bound NK_h=1:100
	halves '−6, KL' 'options: {}' $a $b $b $a --bound KL=0:0.5
	halves '−6, `--objective nse`' 'options: {}' $a $b $b $a --objective nse
	unseen 'options: {}' $a $b $b $a
	lines=()
}

[ $# -gt 0 ] || set -- chengcun hourly lahn creek
for basin in "$@"; do
	case $basin in
	chengcun | hourly | lahn | creek) (
		$basin
	) ;;
	*) die "there is no basin $basin: chengcun, hourly, lahn or creek" ;;
	esac
done
