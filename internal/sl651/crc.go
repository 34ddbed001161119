package sl651

// The check code (校验码, table 11) is the CRC-16 of x¹⁶+x¹⁵+x²+1. The standard leaves its start and the order of bits open; every station
// heard so far takes them as MODBUS does: low bit first, from FFFF. In the frame its high byte goes first.

// crcTable[k][b] is what a byte b adds when k more follow it, so that eight bytes are taken at once.
var crcTable = func() (t [8][256]uint16) {
	for b := range 256 {
		crc := uint16(b)
		for range 8 {
			if crc&1 != 0 {
				crc = crc>>1 ^ 0xA001
			} else {
				crc >>= 1
			}
		}
		t[0][b] = crc
	}
	for k := 1; k < 8; k++ {
		for b := range 256 {
			t[k][b] = t[k-1][b]>>8 ^ t[0][byte(t[k-1][b])]
		}
	}
	return t
}()

func checksum(b []byte) uint16 {
	crc := uint16(0xFFFF)
	t := &crcTable
	for len(b) >= 8 {
		crc = t[7][b[0]^byte(crc)] ^ t[6][b[1]^byte(crc>>8)] ^ t[5][b[2]] ^ t[4][b[3]] ^ t[3][b[4]] ^ t[2][b[5]] ^ t[1][b[6]] ^ t[0][b[7]]
		b = b[8:]
	}
	for _, c := range b {
		crc = crc>>8 ^ t[0][byte(crc)^c]
	}
	return crc
}
