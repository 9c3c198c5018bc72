/// The state of a task as clients see it.
package enum TaskStatus: String, Sendable, CaseIterable {
    case pending, completed, canceled, error
}

/// Where a task is on its way.
package enum TaskStage: String, Sendable, CaseIterable {
    /// Its attachments are being fetched.
    case ingesting
    /// Ready, but its batch has not been launched.
    case staged
    /// Somebody may begin.
    case queued
    /// Somebody has taken a first step.
    case working
    /// Submitted, and being reviewed.
    case reviewing
    /// Submitted, and being checked by the customer's endpoint.
    case validating
    /// Nothing more happens by itself.
    case done
}

/// What has become of a task: status and stage, of which only certain pairs occur.
package struct TaskState: Sendable, Hashable {
    package let status: TaskStatus
    package let stage: TaskStage

    package init(_ status: TaskStatus, _ stage: TaskStage) {
        self.status = status
        self.stage = stage
    }

    package static let ingesting = TaskState(.pending, .ingesting)
    package static let staged = TaskState(.pending, .staged)
    package static let queued = TaskState(.pending, .queued)
    package static let working = TaskState(.pending, .working)
    package static let reviewing = TaskState(.pending, .reviewing)
    package static let validating = TaskState(.pending, .validating)
    package static let completed = TaskState(.completed, .done)
    package static let canceled = TaskState(.canceled, .done)
    package static let failed = TaskState(.error, .done)

    /// Every state that occurs.
    package static let all: [TaskState] = [
        .ingesting, .staged, .queued, .working, .reviewing, .validating, .completed, .canceled, .failed,
    ]
}

/// Something that happens to a task.
package enum TaskEvent: Sendable, Hashable {
    /// All attachments are there; `launched` says whether its batch is, or whether it has none to wait for.
    case attachmentsReady(launched: Bool)
    case attachmentsFailed
    /// Its batch has been launched.
    case launched
    /// A test-mode key made it, so it is answered at once.
    case answered
    /// The first or a later step of a draft has been stored.
    case stepAccepted
    /// A response has passed the checks; `next` says what its project wants done with it.
    case submitted(next: AfterSubmission)
    case reviewed(accepted: Bool, next: AfterSubmission)
    case validated(accepted: Bool)
    case canceled
    /// The customer has accepted or rejected the response.
    case audited(accepted: Bool)
    case resendRequested
    /// A completed task is to be worked on again.
    case recalled
}

/// What follows when a response has passed.
package enum AfterSubmission: Sendable, Hashable, CaseIterable {
    case complete, review, validate
    /// It is one of several answers, and is kept until all of them are in.
    case collect
}

/// What is to be done when a task changes, in the same transaction.
package enum TaskAction: Sendable, Hashable, CaseIterable {
    case makeLabelItem, makeReviewItem, makeRedoItem
    /// Take open work items back from whoever has them.
    case closeWorkItems
    case storeResponse
    case requestValidation
    case recordAudit
    case deliverCallback
    /// Free the unique id, if the task was created with `clear_unique_id_on_error`.
    case clearUniqueIDIfAsked
    /// See whether the batch is complete with this.
    case checkBatch
    /// The batch is no longer complete.
    case reopenBatch
    /// Keep the response as an earlier one, since the task has none until it is completed again.
    case putResponseAside
}

/// Why something cannot happen to a task now.
package enum TaskLifecycleError: Error, Sendable, Hashable {
    case alreadyCompleted, alreadyStarted, alreadyFailed
    case notCompleted, notFinished, notOpenForWork
    /// An event that no caller should have raised in this state.
    case outOfOrder

    /// A sentence for the client.
    package var message: String {
        switch self {
        case .alreadyCompleted: "The task has already been completed."
        case .alreadyStarted: "The task cannot be canceled because work on it has started."
        case .alreadyFailed: "The task has already ended with an error."
        case .notCompleted: "The task has not been completed yet."
        case .notFinished: "The task has neither been completed nor ended with an error."
        case .notOpenForWork: "The task is not open for work."
        case .outOfOrder: "The task is not in a state in which this can happen."
        }
    }
}

/// The life of a task.
package enum TaskLifecycle {
    /// What a task becomes by an event, and what has to be done.
    ///
    /// An event that changes nothing, such as a second cancel, returns the same state and no actions.
    package static func apply(
        _ event: TaskEvent, to state: TaskState
    ) throws(TaskLifecycleError) -> (state: TaskState, actions: [TaskAction]) {
        switch event {
        case .attachmentsReady(let launched):
            guard state == .ingesting else { return try settled(state, .outOfOrder) }
            return launched ? (.queued, [.makeLabelItem]) : (.staged, [])
        case .attachmentsFailed:
            switch state {
            case .ingesting: return (.failed, [.clearUniqueIDIfAsked, .deliverCallback, .checkBatch])
            // A file turned out to be damaged before anybody took a step.
            case .staged, .queued:
                return (.failed, [.closeWorkItems, .clearUniqueIDIfAsked, .deliverCallback, .checkBatch])
            default: return try settled(state, .outOfOrder)
            }
        case .launched:
            // Those still ingesting learn it when their attachments are ready.
            return state == .staged ? (.queued, [.makeLabelItem]) : (state, [])
        case .answered:
            guard state == .ingesting else { throw .outOfOrder }
            return (.completed, [.storeResponse, .deliverCallback, .checkBatch])
        case .stepAccepted:
            switch state {
            case .queued, .working: return (.working, [])
            case .reviewing: return (.reviewing, [])
            default: throw .notOpenForWork
            }
        case .submitted(let next):
            guard state == .queued || state == .working else { throw .notOpenForWork }
            return passed(next)
        case .reviewed(let accepted, let next):
            guard state == .reviewing else { throw .notOpenForWork }
            return accepted ? passed(next) : (.working, [.makeRedoItem])
        case .validated(let accepted):
            guard state == .validating else { return try settled(state, .outOfOrder) }
            return accepted ? passed(.complete) : (.working, [.makeRedoItem])
        case .canceled: return try canceled(state)
        case .audited:
            guard state == .completed else { throw .notCompleted }
            return (state, [.recordAudit, .deliverCallback])
        case .resendRequested:
            guard state == .completed || state == .failed else { throw .notFinished }
            return (state, [.deliverCallback])
        case .recalled:
            guard state == .completed else { throw .notCompleted }
            return (.working, [.putResponseAside, .reopenBatch, .makeRedoItem, .deliverCallback])
        }
    }

    private static func passed(_ next: AfterSubmission) -> (state: TaskState, actions: [TaskAction]) {
        switch next {
        case .complete: (.completed, [.storeResponse, .deliverCallback, .checkBatch])
        case .review: (.reviewing, [.storeResponse, .makeReviewItem])
        case .validate: (.validating, [.storeResponse, .requestValidation])
        case .collect: (.working, [])
        }
    }

    private static func canceled(
        _ state: TaskState
    ) throws(TaskLifecycleError) -> (state: TaskState, actions: [TaskAction]) {
        switch state {
        case .ingesting, .staged, .queued: return (.canceled, [.closeWorkItems, .checkBatch])
        case .canceled: return (state, [])
        case .completed: throw .alreadyCompleted
        case .failed: throw .alreadyFailed
        default: throw .alreadyStarted
        }
    }

    /// News from jobs about a task that was canceled meanwhile is no fault.
    private static func settled(
        _ state: TaskState, _ error: TaskLifecycleError
    ) throws(TaskLifecycleError) -> (state: TaskState, actions: [TaskAction]) {
        guard state == .canceled else { throw error }
        return (state, [])
    }
}
