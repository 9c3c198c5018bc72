/// What somebody has to do on a task.
package enum WorkItemKind: String, Sendable, CaseIterable {
    case label, review, redo, audit, merge
}

/// The state of a work item.
package enum WorkItemState: String, Sendable, CaseIterable {
    /// Waiting for somebody.
    case free
    /// Somebody's, until the lease runs out.
    case leased
    case submitted
    /// Taken back, because its task was canceled.
    case closed
}

package enum WorkItemEvent: Sendable, Hashable {
    /// Somebody takes it; `byHolder` if it is theirs already, as after a reload.
    case claimed(byHolder: Bool)
    case renewed
    case released
    /// The lease has run out.
    case expired
    case stepAccepted
    case submitted
    case closed
}

package enum WorkItemAction: Sendable, Hashable, CaseIterable {
    /// Make a new token, so that an older claim no longer counts.
    case issueLease
    case extendLease
    case dropLease
}

package enum WorkItemError: Error, Sendable, Hashable {
    case taken, leaseLost, alreadySubmitted, closed

    /// A sentence for the person at the editor.
    package var message: String {
        switch self {
        case .taken: "Somebody else is working on this."
        case .leaseLost: "This is no longer yours: the time ran out or somebody else took it."
        case .alreadySubmitted: "This has already been submitted."
        case .closed: "This has been taken back because its task was canceled."
        }
    }
}

/// The life of a work item.
///
/// Whether a caller holds the lease is checked before, by its token.
package enum WorkItemLifecycle {
    /// What a work item becomes by an event, and what has to be done.
    package static func apply(
        _ event: WorkItemEvent, to state: WorkItemState
    ) throws(WorkItemError) -> (state: WorkItemState, actions: [WorkItemAction]) {
        switch (state, event) {
        case (.free, .claimed), (.leased, .claimed(byHolder: true)): return (.leased, [.issueLease])
        case (.leased, .claimed): throw .taken
        case (.leased, .renewed), (.leased, .stepAccepted): return (.leased, [.extendLease])
        case (.leased, .released), (.leased, .expired): return (.free, [.dropLease])
        case (.leased, .submitted): return (.submitted, [.dropLease])
        case (.free, .closed): return (.closed, [])
        case (.leased, .closed): return (.closed, [.dropLease])
        case (.closed, .closed), (.submitted, .closed): return (state, [])
        case (.free, .released), (.submitted, .released), (.closed, .released): return (state, [])
        case (_, .expired): return (state, [])
        case (.free, _): throw .leaseLost
        case (.submitted, _): throw .alreadySubmitted
        case (.closed, _): throw .closed
        }
    }
}
