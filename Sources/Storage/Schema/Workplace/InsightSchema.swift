/// What overviews, the usage ledger and delivery settings read.
enum InsightSchema {
    static let statements: [SQL] = []
}
