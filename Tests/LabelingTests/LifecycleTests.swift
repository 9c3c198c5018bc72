import Labeling
import Testing

/// The outcome of an event in a state: a new state with actions, or a refusal.
private enum Outcome: Equatable {
    case to(TaskState, [TaskAction])
    case refused(TaskLifecycleError)
}

private func outcome(_ event: TaskEvent, _ state: TaskState) -> Outcome {
    do {
        let (state, actions) = try TaskLifecycle.apply(event, to: state)
        return .to(state, actions)
    } catch {
        return .refused(error)
    }
}

struct TaskLifecycleTests {
    private static let finish: [TaskAction] = [.storeResponse, .deliverCallback, .checkBatch]

    /// A row an event: what it does in `TaskState.all`, in that order.
    ///
    /// ingesting, staged, queued, working, reviewing, validating, completed, canceled, failed
    private static let table: [(TaskEvent, [Outcome])] = [
        (
            .attachmentsReady(launched: true),
            [
                .to(.queued, [.makeLabelItem]), no(.outOfOrder), no(.outOfOrder), no(.outOfOrder), no(.outOfOrder),
                no(.outOfOrder), no(.outOfOrder), stay(.canceled), no(.outOfOrder),
            ]
        ),
        (
            .attachmentsReady(launched: false),
            [
                .to(.staged, []), no(.outOfOrder), no(.outOfOrder), no(.outOfOrder), no(.outOfOrder),
                no(.outOfOrder), no(.outOfOrder), stay(.canceled), no(.outOfOrder),
            ]
        ),
        (
            .attachmentsFailed,
            [
                .to(.failed, [.clearUniqueIDIfAsked, .deliverCallback, .checkBatch]),
                .to(.failed, [.closeWorkItems, .clearUniqueIDIfAsked, .deliverCallback, .checkBatch]),
                .to(.failed, [.closeWorkItems, .clearUniqueIDIfAsked, .deliverCallback, .checkBatch]),
                no(.outOfOrder), no(.outOfOrder), no(.outOfOrder), no(.outOfOrder), stay(.canceled), no(.outOfOrder),
            ]
        ),
        (
            .launched,
            [
                stay(.ingesting), .to(.queued, [.makeLabelItem]), stay(.queued), stay(.working), stay(.reviewing),
                stay(.validating), stay(.completed), stay(.canceled), stay(.failed),
            ]
        ),
        (.answered, [.to(.completed, finish)] + all(.outOfOrder, 8)),
        (
            .stepAccepted,
            [
                no(.notOpenForWork), no(.notOpenForWork), .to(.working, []), stay(.working), stay(.reviewing),
                no(.notOpenForWork), no(.notOpenForWork), no(.notOpenForWork), no(.notOpenForWork),
            ]
        ),
        (.submitted(next: .complete), submitted(.to(.completed, finish))),
        (.submitted(next: .review), submitted(.to(.reviewing, [.storeResponse, .makeReviewItem]))),
        (.submitted(next: .validate), submitted(.to(.validating, [.storeResponse, .requestValidation]))),
        (.reviewed(accepted: true, next: .complete), reviewed(.to(.completed, finish))),
        (.reviewed(accepted: true, next: .review), reviewed(.to(.reviewing, [.storeResponse, .makeReviewItem]))),
        (.reviewed(accepted: true, next: .validate), reviewed(.to(.validating, [.storeResponse, .requestValidation]))),
        (.reviewed(accepted: false, next: .complete), reviewed(.to(.working, [.makeRedoItem]))),
        (.validated(accepted: true), validated(.to(.completed, finish))),
        (.validated(accepted: false), validated(.to(.working, [.makeRedoItem]))),
        (
            .canceled,
            [
                .to(.canceled, [.closeWorkItems, .checkBatch]), .to(.canceled, [.closeWorkItems, .checkBatch]),
                .to(.canceled, [.closeWorkItems, .checkBatch]), no(.alreadyStarted), no(.alreadyStarted),
                no(.alreadyStarted), no(.alreadyCompleted), stay(.canceled), no(.alreadyFailed),
            ]
        ),
        (.audited(accepted: true), audited),
        (.audited(accepted: false), audited),
        (
            .resendRequested,
            all(.notFinished, 6) + [
                .to(.completed, [.deliverCallback]), no(.notFinished), .to(.failed, [.deliverCallback]),
            ]
        ),
        (
            .recalled,
            all(.notCompleted, 6)
                + [.to(.working, [.putResponseAside, .reopenBatch, .makeRedoItem, .deliverCallback])]
                + all(.notCompleted, 2)
        ),
    ]

    private static let audited: [Outcome] =
        all(.notCompleted, 6) + [.to(.completed, [.recordAudit, .deliverCallback])] + all(.notCompleted, 2)

    private static func no(_ error: TaskLifecycleError) -> Outcome { .refused(error) }
    private static func stay(_ state: TaskState) -> Outcome { .to(state, []) }
    private static func all(_ error: TaskLifecycleError, _ count: Int) -> [Outcome] {
        Array(repeating: .refused(error), count: count)
    }
    private static func submitted(_ outcome: Outcome) -> [Outcome] {
        all(.notOpenForWork, 2) + [outcome, outcome] + all(.notOpenForWork, 5)
    }
    private static func reviewed(_ outcome: Outcome) -> [Outcome] {
        all(.notOpenForWork, 4) + [outcome] + all(.notOpenForWork, 4)
    }
    private static func validated(_ outcome: Outcome) -> [Outcome] {
        all(.outOfOrder, 5) + [outcome, no(.outOfOrder), stay(.canceled), no(.outOfOrder)]
    }

    @Test(arguments: table.indices) func `an event does in each state what the table says`(row: Int) {
        let (event, expected) = Self.table[row]
        #expect(expected.count == TaskState.all.count)
        for (state, expected) in zip(TaskState.all, expected) {
            #expect(outcome(event, state) == expected, "\(event) in \(state)")
        }
    }

    @Test func `only known states are ever reached, and ended tasks stay ended unless they are recalled`() {
        for (event, _) in Self.table where event != .recalled {
            for state in TaskState.all {
                guard case .to(let next, _) = outcome(event, state) else { continue }
                #expect(TaskState.all.contains(next))
                if state.stage == .done { #expect(next == state) }
            }
        }
    }

    @Test func `a task that ends says so to its customer and to its batch`() {
        for (event, _) in Self.table where event != .canceled {
            for state in TaskState.all where state.stage != .done {
                guard case .to(let next, let actions) = outcome(event, state), next.stage == .done else { continue }
                #expect(actions.contains(.deliverCallback) && actions.contains(.checkBatch))
            }
        }
    }

    @Test func `every refusal has a sentence`() {
        let errors: [TaskLifecycleError] = [
            .alreadyCompleted, .alreadyStarted, .alreadyFailed, .notCompleted, .notFinished,
            .notOpenForWork, .outOfOrder,
        ]
        #expect(errors.allSatisfy { $0.message.hasSuffix(".") })
    }
}

struct BatchLifecycleTests {
    private func result(_ event: BatchEvent, _ status: BatchStatus, _ product: Product) -> String {
        do {
            let (next, actions) = try BatchLifecycle.apply(event, to: status, product: product)
            return "\(next.rawValue) \(actions.map { "\($0)" }.joined(separator: "+"))".trimmingSuffix()
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: Product.allCases) func `only some products stage their batches`(product: Product) {
        #expect(BatchLifecycle.initial(product) == (product == .standard ? .inProgress : .staging))
    }

    @Test(arguments: [Product.rapid, .studio]) func `a staged batch is launched once`(product: Product) {
        #expect(result(.finalized, .staging, product) == "in_progress launchTasks")
        #expect(result(.finalized, .inProgress, product) == "alreadyFinalized")
        #expect(result(.finalized, .completed, product) == "alreadyFinalized")
        #expect(result(.taskAdded, .staging, product) == "staging")
        #expect(result(.taskAdded, .inProgress, product) == "closed")
        #expect(result(.taskAdded, .completed, product) == "closed")
    }

    @Test func `a standard batch may always be finalized and filled`() {
        for status in [BatchStatus.inProgress, .completed] {
            #expect(result(.finalized, status, .standard) == status.rawValue)
            #expect(result(.taskAdded, status, .standard) == "in_progress")
        }
    }

    @Test(arguments: Product.allCases) func `a batch completes with its last task`(product: Product) {
        #expect(result(.taskEnded(pending: 1), .inProgress, product) == "in_progress")
        #expect(result(.taskEnded(pending: 0), .inProgress, product) == "completed deliverCallback")
        #expect(result(.taskEnded(pending: 0), .completed, product) == "completed")
        #expect(result(.taskEnded(pending: 0), .staging, product) == "staging")
    }
}

struct WorkItemLifecycleTests {
    private static let events: [WorkItemEvent] = [
        .claimed(byHolder: false), .claimed(byHolder: true), .renewed, .released, .expired, .stepAccepted, .submitted,
        .closed,
    ]

    /// A row a state: what the events above lead to.
    private static let table: [(WorkItemState, [String])] = [
        (
            .free,
            ["leased issueLease", "leased issueLease", "leaseLost", "free", "free", "leaseLost", "leaseLost", "closed"]
        ),
        (
            .leased,
            [
                "taken", "leased issueLease", "leased extendLease", "free dropLease", "free dropLease",
                "leased extendLease", "submitted dropLease", "closed dropLease",
            ]
        ),
        (
            .submitted,
            [
                "alreadySubmitted", "alreadySubmitted", "alreadySubmitted", "submitted", "submitted",
                "alreadySubmitted", "alreadySubmitted", "submitted",
            ]
        ),
        (
            .closed,
            ["closed!", "closed!", "closed!", "closed", "closed", "closed!", "closed!", "closed"]
        ),
    ]

    @Test(arguments: table.indices) func `a work item does what the table says`(row: Int) {
        let (state, expected) = Self.table[row]
        for (event, expected) in zip(Self.events, expected) {
            let result: String
            do {
                let (next, actions) = try WorkItemLifecycle.apply(event, to: state)
                result = "\(next.rawValue) \(actions.map { "\($0)" }.joined(separator: "+"))".trimmingSuffix()
            } catch {
                result = error == .closed ? "closed!" : "\(error)"
            }
            #expect(result == expected, "\(event) in \(state)")
        }
    }
}

extension String {
    fileprivate func trimmingSuffix() -> String { hasSuffix(" ") ? String(dropLast()) : self }
}
