import Foundation
import JSON
import Labeling
import Media
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Work

struct SubmissionTests {
    @Test(arguments: Backend.available)
    func `work that is handed in twice with one id is handed in once`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            let row = try await shop.create("categorization", Sample.text(#""callback_url":"https://example.com/h""#))
            let work = try await ada.take()
            _ = try await ada.fill(work, ["answers": ["category": RawJSON(#"{"value":"rude"}"#)]])
            shop.clock.advance(5)
            var times: [Timestamp?] = []
            for _ in 1...2 {
                let done = try await ada.submit(work, revision: 1, id: "once")
                #expect(done.status == .completed && done.response == #"{"category":"rude"}"#)
                times.append(done.completedAt)
            }
            #expect(times[0] != nil && times[0] == times[1])
            await #expect(throws: WorkOperations.leaseLost) { try await ada.submit(work, revision: 1, id: "again") }
            #expect(try await shop.deliveries(row.id).count == 1)
            #expect(try await shop.workItems(row.id).map(\.submittedBy) == [ada.actor.person])
            #expect(try await shop.history(row.id) == ["task.created", "task.started", "task.submitted"])
        }
    }

    @Test(arguments: Backend.available)
    func `of two submissions at once one counts`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            let row = try await shop.create("categorization", Sample.text(#""callback_url":"https://example.com/h""#))
            let work = try await ada.take()
            _ = try await ada.fill(work, ["answers": ["category": RawJSON(#"{"value":"rude"}"#)]])
            let accepted = await withTaskGroup(of: Bool.self) { group in
                for number in 1...4 {
                    group.addTask {
                        do {
                            _ = try await ada.submit(work, revision: 1, id: "submission \(number)")
                            return true
                        } catch { return false }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(accepted == 1)
            #expect(try await shop.deliveries(row.id).count == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `a draft that went on, or was not seen whole, is not handed in`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            let row = try await shop.create()
            let work = try await ada.take()
            _ = try await ada.fill(work, ["answers": ["category": RawJSON(#"{"value":"rude"}"#)]])
            for revision in [0, 2] {
                let refusal = await #expect(throws: Refusal.self) { try await ada.submit(work, revision: revision) }
                #expect(refusal?.code == .leaseLost)
            }
            #expect(try await shop.stored(row.id).status == .pending)
        }
    }

    @Test(arguments: Backend.available)
    func `what is wrong keeps the work open and names each object`(_ backend: Backend) async throws {
        let picture = try await Workshop.picture(640, 480)
        try await TestServer.run { _ in
            TestServer.Reply(body: picture)
        } _: { server in
            try await backend.withWorkshop { shop in
                let ada = try await Labeler.new(shop)
                let row = try await shop.create("imageannotation", Sample.boxes(server.url("/a.jpg")))
                try await shop.run(.fetchAttachment)
                let work = try await ada.take()
                let (small, wrong) = ("0b9f1a54-7d0e-4f5c-9a36-000000000001", "0b9f1a54-7d0e-4f5c-9a36-000000000002")
                let receipt = try await ada.fill(
                    work,
                    [
                        "annotations": [
                            small: RawJSON(
                                #"{"type":"box","label":"cow","left":1,"top":1,"width":2,"height":50,"order":"a0"}"#),
                            wrong: RawJSON(
                                #"{"type":"box","label":"dog","left":1,"top":1,"width":50,"height":50,"order":"a1"}"#),
                        ]
                    ])
                let issues = try await shop.work.check(work.item.id, lease: work.lease, by: ada.actor)
                #expect(Set(issues.compactMap(\.key)) == [small, wrong])
                let refusal = await #expect(throws: Refusal.self) {
                    try await ada.submit(work, revision: receipt.revision)
                }
                #expect(refusal?.code == .invalid && refusal?.issues == issues)
                #expect(try await shop.stored(row.id).status == .pending)
                #expect(try await shop.workItems(row.id).map(\.state) == [.leased])
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a task whose batch or lease is gone cannot be finished by anybody`(_ backend: Backend) async throws {
        try await backend.withWorkshop { shop in
            let ada = try await Labeler.new(shop)
            let row = try await shop.create()
            let work = try await ada.take()
            _ = try await shop.tasks.cancel(row.id, clearUniqueID: false, by: shop.key)
            await #expect(throws: WorkOperations.leaseLost) {
                try await ada.send([DraftStep("s", 1, [Change(key: "category", after: "{}")])], to: work)
            }
            await #expect(throws: WorkOperations.leaseLost) { try await ada.submit(work, revision: 0) }
            #expect(try await ada.claim() == nil)
            #expect(try await shop.stored(row.id).status == .canceled)
        }
    }

    // MARK: Every type

    @Test(arguments: Backend.available, try SharedFixtures.types())
    func `a draft of any type becomes the response that its fixture states`(
        _ backend: Backend, type: String
    ) async throws {
        let files = Mutex<[String: [UInt8]]>([:])
        let plain = try await Workshop.picture(64, 48)
        try await TestServer.run { request in
            TestServer.Reply(body: files.withLock { $0[request.target] } ?? plain)
        } _: { server in
            func here(_ path: String) throws -> String {
                try SharedFixtures.text("tasks/\(type)/\(path)").replacing("https://example.com", with: server.url(""))
            }
            try await backend.withWorkshop { shop in
                let ada = try await Labeler.new(shop)
                let row = try await shop.create(type, try here("create.json"))
                let text = try here("document.json")
                let facts = try AnyJSON(text)["attachments"]?.elements ?? []
                for attachment in try await shop.attachments(row.id) {
                    guard let fact = facts.first(where: { $0["path"]?.string == attachment.path }) else { continue }
                    let bytes = try await Self.file(fact)
                    files.withLock { $0[String(attachment.url.dropFirst(server.url("").count))] = bytes }
                }
                try await shop.run(.fetchAttachment)
                let work = try await ada.take()
                let collections = try JSONDocument.read(text) { root in
                    Document(try #require(root["collections"])).collections
                }
                let receipt = try await ada.fill(work, collections)
                #expect(receipt.conflict == nil)
                let issues = try await shop.work.check(work.item.id, lease: work.lease, by: ada.actor)
                #expect(issues.isEmpty, "\(issues)")
                let done = try await ada.submit(work, revision: receipt.revision)
                #expect(done.status == .completed)
                let response = try AnyJSON(try #require(try await shop.stored(row.id).response))
                #expect(
                    response.without("time_spent_in_seconds")
                        == (try AnyJSON(here("response.json")).without("time_spent_in_seconds")))
            }
        }
    }

    /// A file as a fixture describes it.
    private static func file(_ fact: AnyJSON) async throws -> [UInt8] {
        if fact["mime_type"]?.string == "application/pdf" { return EmptyDocument.pdf(pages: fact["pages"]?.int ?? 1) }
        return try await Workshop.picture(
            fact["width"]?.int ?? 64, fact["height"]?.int ?? 48,
            as: fact["mime_type"]?.string == "image/png" ? .png : .jpeg)
    }
}
