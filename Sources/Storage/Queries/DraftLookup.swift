extension Connection {
    /// Whether a draft has a step, however long ago it came.
    package func hasDraftStep(workItem: String, id: String) throws -> Bool {
        try integer("SELECT COUNT(*) FROM draft_steps WHERE work_item_id = \(workItem) AND id = \(id)") > 0
    }
}
