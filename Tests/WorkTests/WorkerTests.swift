import JSON
import Labeling
import ServiceLifecycle
import Storage
import TestSupport
import Testing

@testable import Work

struct WorkerTests {
    /// Runs the real worker beside `body`, and shuts it down as the program does.
    private func withWorker(_ shop: Workshop, _ body: (ServiceGroup) async throws -> Void) async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [Worker(environment: shop.environment), Upkeep(environment: shop.environment)],
                logger: shop.environment.logger))
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            do {
                try await body(group)
            } catch {
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test(arguments: Backend.available)
    func `the worker takes a task from its picture to the delivered answer`(_ backend: Backend) async throws {
        let picture = try await Workshop.picture(640, 480)
        try await TestServer.run { request in
            request.method == "GET" ? TestServer.Reply(body: picture) : TestServer.Reply()
        } _: { server in
            try await backend.withWorkshop { shop in
                let ada = try await Labeler.new(shop)
                try await shop.project("p", type: "imageannotation")
                try await shop.batch("b", of: "p", callback: server.url("/batch"))
                try await withWorker(shop) { _ in
                    let row = try await shop.create(
                        "imageannotation",
                        Sample.boxes(
                            server.url("/cow.jpg"), #""batch":"b""#, #""callback_url":"\#(server.url("/task"))""#))
                    try await eventually("the task is queued") { try await shop.stored(row.id).stage == .queued }
                    let work = try await ada.take()
                    let receipt = try await ada.fill(
                        work,
                        [
                            "annotations": [
                                "0b9f1a54-7d0e-4f5c-9a36-000000000001": RawJSON(
                                    #"{"type":"box","label":"cow","left":9,"top":9,"width":50,"height":50,"order":"a0"}"#
                                )
                            ]
                        ])
                    let done = try await ada.submit(work, revision: receipt.revision)
                    try await eventually("both are told") { server.received.filter { $0.method == "POST" }.count == 2 }
                    let told = try #require(server.received.first { $0.target == "/task" })
                    #expect(try AnyJSON(told.body)["response"] == AnyJSON(try #require(done.response)))
                    let batch = try #require(server.received.first { $0.target == "/batch" })
                    #expect(try AnyJSON(batch.body)["status"]?.string == "completed")
                    try await eventually("the delivery is noted") {
                        try await shop.stored(row.id).callbackState == .succeeded
                    }
                }
                #expect(try await shop.wait(.deliverCallback) == nil)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a dead receiver holds up nobody else`(_ backend: Backend) async throws {
        let door = Door()
        try await TestServer.run { _ in
            await door.pass()
            return TestServer.Reply()
        } _: { dead in
            try await TestServer.run { _ in
                TestServer.Reply()
            } _: { live in
                try await backend.withWorkshop { shop in
                    // All are there before the worker looks for the first time, those of the dead one in front.
                    for number in 1...40 {
                        let target = number > 30 ? live.url("/\(number)") : dead.url("/\(number)")
                        _ = try await shop.create(
                            "categorization", Sample.text(#""callback_url":"\#(target)""#), by: shop.testKey)
                    }
                    try await withWorker(shop) { _ in
                        try await eventually("the others are told") { live.received.count == 10 }
                        #expect(dead.received.count <= JobKind.deliverCallback.perLane)
                        door.open()
                        try await eventually("in the end all are told") { dead.received.count == 30 }
                    }
                }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a call under way at the shutdown is finished and noted`(_ backend: Backend) async throws {
        let (begun, door) = (Door(), Door())
        try await TestServer.run { _ in
            begun.open()
            await door.pass()
            return TestServer.Reply()
        } _: { server in
            try await backend.withWorkshop { shop in
                let row = try await shop.create(
                    "categorization", Sample.text(#""callback_url":"\#(server.url("/"))""#), by: shop.testKey)
                try await withWorker(shop) { group in
                    await begun.pass()
                    await group.triggerGracefulShutdown()
                    door.open()
                }
                let delivery = try #require(try await shop.deliveries(row.id, realm: shop.seed.test).first)
                #expect(delivery.state == .succeeded && delivery.attempts == 1)
                #expect(server.received.count == 1)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a job whose worker has died comes back`(_ backend: Backend) async throws {
        try await TestServer.run { _ in
            TestServer.Reply()
        } _: { server in
            try await backend.withWorkshop { shop in
                let row = try await shop.create(
                    "categorization", Sample.text(#""callback_url":"\#(server.url("/"))""#), by: shop.testKey)
                #expect(try await shop.claim(.deliverCallback).count == 1)
                shop.clock.advance(JobKind.leaseSeconds + 1)
                try await withWorker(shop) { _ in
                    try await eventually("the delivery is done") {
                        try await shop.deliveries(row.id, realm: shop.seed.test).first?.state == .succeeded
                    }
                }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a job that was taken over has no effect from its first worker`(_ backend: Backend) async throws {
        try await TestServer.run { _ in
            TestServer.Reply(404)
        } _: { server in
            try await backend.withWorkshop { shop in
                let row = try await shop.create("imageannotation", Sample.boxes(server.url("/a.jpg")))
                let lost = try #require(try await shop.claim(.fetchAttachment).first)
                shop.clock.advance(JobKind.leaseSeconds + 1)
                let now = shop.clock.now
                _ = try await shop.database.write { db in try db.recoverJobs(now: now) }
                let taken = try #require(try await shop.claim(.fetchAttachment).first)
                #expect(taken.id == lost.id && taken.leaseToken != lost.leaseToken)
                await #expect(throws: JobLost.self) { try await shop.run(lost, .fetchAttachment) }
                #expect(try await shop.stored(row.id).status == .pending)
                #expect(try await shop.run(taken, .fetchAttachment) == .done)
                #expect(try await shop.stored(row.id).status == .error)
            }
        }
    }
}
