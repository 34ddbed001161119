package gb9704

// letterHeader is the top of the first page of a letter (10.1).
func (c *composer) letterHeader() part {
	p := part{name: "word/header1.xml", kind: wordType + "header+xml", id: idLetterHeader, role: "header"}
	return xmlPart(p, "w:hdr", wordAttrs(), func(m *markup) {
		(&paragraph{}).write(m)
	})
}

// letterFooter is the foot of the first page of a letter: a double rule and no number.
func (c *composer) letterFooter() part {
	p := part{name: "word/footer3.xml", kind: wordType + "footer+xml", id: idLetterFooter, role: "footer"}
	return xmlPart(p, "w:ftr", wordAttrs(), func(m *markup) {
		(&paragraph{}).write(m)
	})
}
