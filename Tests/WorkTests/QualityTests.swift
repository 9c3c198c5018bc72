import JSON
import Labeling
import NIOCore
import Storage
import TestSupport
import Testing

@testable import Work

struct QualityTests {
    private func create(
        _ shop: Workshop, _ kind: QualityTaskRow.Kind, _ type: String, _ body: String
    ) async throws -> QualityTaskRow {
        let type = try #require(TaskTypes.named(type))
        return try await shop.quality.create(kind, type, body: ByteBuffer(string: body), by: shop.key).row
    }

    @Test(arguments: Backend.available)
    func `a task with a known answer is stored when the answer passes the checks`(_ backend: Backend) async throws {
        let known = #""expected_response":{"annotations":{}}"#
        try await backend.withWorkshop { shop in
            let body = Sample.boxes("https://example.com/a.jpg", #""expected_response":{"annotations":[]}"#)
            let supported = TaskTypes.all.filter(\.supportsQualityTasks).map(\.name)
            #expect(supported.contains("imageannotation"))
            let row = try await create(shop, .evaluation, "imageannotation", body)
            shop.clock.advance(1)
            let training = try await create(shop, .training, "imageannotation", body)
            #expect(row.kind == .evaluation && row.expectedResponse == #"{"annotations":[]}"#)
            #expect(try AnyJSON(row.params)["expected_response"] == nil)
            let all = try await shop.quality.list(nil, limit: 10, offset: 0, by: shop.key).rows
            #expect(all.map(\.id) == [training.id, row.id])
            let some = try await shop.quality.list(.evaluation, limit: 10, offset: 0, by: shop.key).rows
            #expect(some.map(\.id) == [row.id])
            #expect(try await shop.claim(.fetchAttachment).isEmpty)

            let none = await #expect(throws: Issues.self) {
                try await create(shop, .training, "imageannotation", Sample.boxes("https://example.com/a.jpg"))
            }
            #expect(none?.all.map(\.path) == ["expected_response"])
            await #expect(throws: Issues.self) {
                try await create(
                    shop, .training, "imageannotation", Sample.boxes("https://example.com/a.jpg", known))
            }
        }
    }

    @Test func `types without such tasks are refused`() async throws {
        try await Backend.sqlite.withWorkshop { shop in
            for type in TaskTypes.all where !type.supportsQualityTasks {
                let refusal = await #expect(throws: Refusal.self) {
                    try await create(shop, .evaluation, type.name, "{}")
                }
                #expect(refusal?.code == .invalid)
            }
        }
    }
}
