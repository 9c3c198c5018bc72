import JSON
import Labeling
import Storage
import TestSupport
import Testing

@testable import Work

struct BatchSetupTests {
    private static func stage(
        _ name: String, _ kind: BatchRow.Kind, in shop: Workshop, tasks: Int = 1
    ) async throws -> [TaskRow] {
        _ = try await shop.batches.stage(
            NewBatchRequest(project: "p", name: name, callback: nil, kind: kind, metadata: RawJSON("{}")),
            priority: nil, by: shop.key)
        var rows: [TaskRow] = []
        for _ in 0..<tasks { rows.append(try await shop.create("categorization", Sample.text(#""batch":"\#(name)""#))) }
        return rows
    }

    private static func launch(_ name: String, in shop: Workshop, confirmed: Bool = false) async throws {
        _ = try await shop.batches.launch(name, confirmUncalibrated: confirmed, by: shop.key)
        try await shop.run(.launchBatch)
    }

    @Test(arguments: [.standard, .rapid, .studio] as [ProjectRow.Product])
    func `a staged batch waits for its launch, whatever the product`(_ product: ProjectRow.Product) async throws {
        try await Backend.sqlite.withWorkshop { shop in
            try await shop.project("p", product: product)
            let row = try await Self.stage("b", .selfLabel, in: shop)[0]
            #expect(row.stage == .staged)
            try await Self.launch("b", in: shop)
            #expect(try await shop.stored(row.id).stage == .queued)
            await #expect(throws: BatchLifecycleError.alreadyFinalized) { try await Self.launch("b", in: shop) }
            #expect(try await shop.batches.summary("b", by: shop.key).takesTasks == (product == .standard))
        }
    }

    @Test func `a batch without tasks is not launched`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            try await shop.project("p", product: .studio)
            _ = try await Self.stage("b", .selfLabel, in: shop, tasks: 0)
            await #expect(throws: Refusal(.invalid, "The batch has no tasks yet; add some before you launch it.")) {
                try await Self.launch("b", in: shop)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `the team alone gets the work of a self-label batch`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p", product: .studio)
            let (labeler, member) = (
                try await Labeler.new(shop), try await Labeler.new(shop, "mia@example.com", .member)
            )
            _ = try await Self.stage("b", .selfLabel, in: shop)
            try await Self.launch("b", in: shop)
            #expect(try await labeler.claim() == nil)
            #expect(try await member.claim() != nil)
        }
    }

    @Test(arguments: Backend.available)
    func `nobody is given work of a paused batch, and what was begun can be finished`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p", product: .studio)
            let (ada, bob) = (try await Labeler.new(shop), try await Labeler.new(shop, "bob@example.com"))
            _ = try await Self.stage("b", .production, in: shop, tasks: 2)
            try await Self.launch("b", in: shop, confirmed: true)
            let work = try await ada.take()
            var change = BatchChange()
            change.isHeld = true
            #expect(try await shop.batches.change("b", change, by: shop.key).row.isHeld)
            #expect(try await bob.claim() == nil)
            #expect(try await ada.answer(work).status == .completed)
            #expect(try await ada.claim() == nil)
            change.isHeld = false
            let resumed = try await shop.batches.change("b", change, by: shop.key)
            #expect(try await bob.claim() != nil)
            #expect(
                try await shop.history(resumed.row.id)
                    == ["batch.created", "batch.finalized", "batch.paused", "batch.resumed"])
        }
    }

    @Test(arguments: Backend.available)
    func `production asks for a calibration that reached its goal`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            try await shop.project("p", product: .studio)
            let ada = try await Labeler.new(shop)
            _ = try await Self.stage("production", .production, in: shop)
            await #expect(throws: Refusal.self) { try await Self.launch("production", in: shop) }
            let rows = try await Self.stage("calibration", .calibration, in: shop, tasks: 4)
            try await Self.launch("calibration", in: shop)
            for _ in rows { try await ada.answer(try await ada.take()) }
            #expect(try await shop.projects.summary("p", by: shop.key).calibration.state == .running)
            for (index, row) in rows.enumerated() {
                let verdict = Verdict(accepted: index > 0, comments: index == 0 ? "Say what polite means." : nil)
                _ = try await shop.tasks.audit(row.id, verdict, by: shop.key)
            }
            let report = try await shop.batches.calibration("calibration", by: shop.key)
            #expect(report.tally.state == .done && report.tally.score == 0.75)
            #expect(report.feedback.map(\.message) == ["Say what polite means."])
            await #expect(
                throws: Refusal(
                    .conflict,
                    #"The project "p" is not calibrated: its calibration reached 75 % of the 80 % it has to. Calibrate "#
                        + "it first, or launch with `confirm_uncalibrated` if you know that the instruction is "
                        + "understood.")
            ) { try await Self.launch("production", in: shop) }
            let changed = try await shop.projects.change("p", isArchived: nil, calibrationGoal: 0.75, by: shop.key)
            #expect(changed.calibration.state == .calibrated && changed.calibration.batch == "calibration")
            try await Self.launch("production", in: shop)
            #expect(try await shop.batches.summary("production", by: shop.key).row.status == .inProgress)
        }
    }

    @Test func `a kind is changed before the launch alone`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            try await shop.project("p", product: .studio)
            _ = try await Self.stage("b", .production, in: shop)
            var change = BatchChange()
            change.kind = .selfLabel
            #expect(try await shop.batches.change("b", change, by: shop.key).row.kind == .selfLabel)
            try await Self.launch("b", in: shop)
            change.kind = .production
            await #expect(throws: Refusal.self) { try await shop.batches.change("b", change, by: shop.key) }
        }
    }

    @Test(arguments: Backend.available)
    func `projects are listed page by page with what needs attention`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            for name in ["Apples", "Pears", "Red apples"] { try await shop.project(name, product: .studio) }
            try await shop.batch("b", of: "Pears")
            var listing = ProjectListing()
            listing.limit = 2
            let first = try await shop.projects.summaries(listing, by: shop.key)
            #expect(first.projects.map(\.row.name) == ["Red apples", "Pears"])
            #expect(
                first.projects[1].attention.map(\.words) == [
                    "1 batch waiting to be launched.", "Nothing is set up yet: there are no parameters.",
                ])
            listing.after = first.next
            let second = try await shop.projects.summaries(listing, by: shop.key)
            #expect(second.projects.map(\.row.name) == ["Apples"] && second.next == nil)
            listing.after = nil
            listing.filter.search = "APPLE"
            #expect(try await shop.projects.summaries(listing, by: shop.key).projects.count == 2)
            listing.filter.search = "100%"
            #expect(try await shop.projects.summaries(listing, by: shop.key).projects.isEmpty)
        }
    }
}
