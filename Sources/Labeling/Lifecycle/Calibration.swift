/// How far the calibration with one batch has come: all its tasks are labelled, and then audited, every one.
package struct CalibrationTally: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        case labelling, auditing, done
    }

    /// Tasks that are still being labelled.
    package var pending: Int
    /// Labelled tasks.
    package var completed: Int
    /// Labelled tasks by the last verdict on them; those without one are not counted here.
    package var accepted: Int
    package var commented: Int
    package var fixed: Int
    package var rejected: Int

    package init(
        pending: Int = 0, completed: Int = 0, accepted: Int = 0, commented: Int = 0, fixed: Int = 0, rejected: Int = 0
    ) {
        self.pending = pending
        self.completed = completed
        self.accepted = accepted
        self.commented = commented
        self.fixed = fixed
        self.rejected = rejected
    }

    /// Tasks that have a verdict.
    package var audited: Int { accepted + commented + fixed + rejected }

    /// The share of audited tasks that were right as they were handed in; nil before the first verdict.
    ///
    /// A comment finds nothing wrong; a fix does, however small it was.
    package var score: Double? { audited == 0 ? nil : Double(accepted + commented) / Double(audited) }

    package var state: State {
        if pending > 0 || completed == 0 { return .labelling }
        return audited < completed ? .auditing : .done
    }
}

/// Whether a project's calibration allows production.
package struct Calibration: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        /// There is no calibration batch.
        case none
        /// There is one that is not labelled and audited as a whole.
        case running
        /// All of them are done, and none reached the goal.
        case belowGoal = "below_goal"
        /// One has reached the goal.
        case calibrated
    }

    package let state: State
    /// The best score of a batch that is done.
    package let score: Double?
    /// That batch's name.
    package let batch: String?

    /// Judges the calibration batches of a project, named, by the share that has to be right.
    package init(batches: [(name: String, tally: CalibrationTally)], goal: Double) {
        let done = batches.filter { $0.tally.state == .done }
        let best = done.max { ($0.tally.score ?? 0) < ($1.tally.score ?? 0) }
        score = best?.tally.score
        batch = best?.name
        if let score, score >= goal {
            state = .calibrated
        } else if batches.count > done.count {
            state = .running
        } else {
            state = done.isEmpty ? .none : .belowGoal
        }
    }
}
