/// Through how many hands an answer goes before it is final.
package enum ReviewLevels {
    /// The most levels that a project can have.
    package static let most = 2

    /// The level that is due after a piece of work has passed; nil when none is.
    ///
    /// `kind`: what the work was.
    /// `level`: that of a review, or the one that a redo goes back to; 0 for none.
    /// `levels`: how many the project has now, which may have changed since the work was made.
    package static func next(after kind: WorkItemKind, level: Int, levels: Int) -> Int? {
        switch kind {
        case .label, .merge: levels > 0 ? 1 : nil
        // Who sent it back sees it again, and not those who had let it pass.
        case .redo: levels > 0 ? min(max(level, 1), levels) : nil
        case .review: level < levels ? level + 1 : nil
        case .audit: nil
        }
    }
}
