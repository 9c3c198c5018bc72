/// The state of a batch.
package enum BatchStatus: String, Sendable, CaseIterable {
    case staging
    case inProgress = "in_progress"
    case completed
}

/// The product a project belongs to, which decides whether its batches are launched.
package enum Product: String, Sendable, CaseIterable {
    case standard, rapid, studio

    /// Whether batches wait for a launch.
    package var stages: Bool { self != .standard }
}

package enum BatchEvent: Sendable, Hashable {
    case taskAdded
    case finalized
    /// A task has ended in some way; `pending` of the batch are left.
    case taskEnded(pending: Int)
}

package enum BatchAction: Sendable, Hashable, CaseIterable {
    /// Let the staged tasks begin.
    case launchTasks
    case deliverCallback
}

package enum BatchLifecycleError: Error, Sendable, Hashable {
    case alreadyFinalized, closed

    /// A sentence for the client.
    package var message: String {
        switch self {
        case .alreadyFinalized: "The batch has already been finalized."
        case .closed: "The batch has been finalized, so no tasks can be added to it."
        }
    }
}

/// The life of a batch.
package enum BatchLifecycle {
    /// The state of a new batch.
    package static func initial(_ product: Product) -> BatchStatus { product.stages ? .staging : .inProgress }

    /// What a batch becomes by an event, and what has to be done.
    package static func apply(
        _ event: BatchEvent, to status: BatchStatus, product: Product
    ) throws(BatchLifecycleError) -> (status: BatchStatus, actions: [BatchAction]) {
        switch event {
        case .taskAdded:
            if product.stages {
                guard status == .staging else { throw .closed }
                return (status, [])
            }
            // Standard batches take tasks at any time, so a completed one may go on.
            return (.inProgress, [])
        case .finalized:
            guard product.stages else { return (status, []) }
            guard status == .staging else { throw .alreadyFinalized }
            return (.inProgress, [.launchTasks])
        case .taskEnded(let pending):
            guard status == .inProgress, pending == 0 else { return (status, []) }
            return (.completed, [.deliverCallback])
        }
    }
}
