package project

// InMemory is the query judged project by project in memory, as the store's answer has to come out.
func InMemory(q Query) Query {
	q.inMemory = true
	return q
}
