import HTTPTypes
import JSON
import Labeling
import Storage
import Work

/// The batches of the annotation API.
struct BatchRoutes {
    let batches: BatchOperations

    var endpoints: [Endpoint] { [create, list, show, status, finalize, setMetadata, prioritize] }

    private enum Body {
        static let project = RequiredField("project", .string(length: 1...1000), "An existing project's name.")
        static let name = RequiredField("name", .string(length: 1...1000), "Unique in the account.")
        /// An empty text stands for none, as the published client sends it.
        static let callback = OptionalField(
            "callback",
            Schema<String>.string(length: 0...4000).checked { value, json, reader in
                if !value.isEmpty { _ = TaskCommon.callbackAddress(json, reader) }
            }, "Where the end of the batch is told: an http(s) URL or an e-mail address.")
        static let calibration = Field(
            "calibration_batch", .bool, default: false, shownAs: "false", "A batch to calibrate the project with.")
        static let selfLabel = Field(
            "self_label_batch", .bool, default: false, shownAs: "false", "A batch for the team itself.")
        static let metadata = Field(
            "metadata", .anyObject(bytes: 10 * 1024), default: RawJSON("{}"), shownAs: "{}", "Yours; at most 10 KB.")

        static let new = Schema<NewBatchRequest>.object(
            "NewBatch", [project, name, callback, calibration, selfLabel, metadata], unknown: .ignore
        ) { object in
            let project = object(Self.project)
            let name = object(Self.name)
            let callback = object(Self.callback)
            let isCalibration = object(calibration)
            let isSelfLabel = object(selfLabel)
            let metadata = object(Self.metadata)
            guard let project, let name else { return nil }
            return NewBatchRequest(
                project: project, name: name, callback: callback?.isEmpty == true ? nil : callback,
                kind: isCalibration ? .calibration : isSelfLabel ? .selfLabel : .production, metadata: metadata)
        }

        static let priority = RequiredField("priority", .integer(10...30), "10 lowest, 30 highest.")
        static let prioritize = Schema<Int>.object("BatchPriority", [priority], unknown: .ignore) { $0(priority) }
    }

    private var create: Endpoint {
        .json(
            .post, "/v1/batches", "batches", .permitted(.batchesWrite), "Creates a batch.", body: Body.new,
            answers: Wire.batch
        ) { call, request in
            Self.reply(try await batches.create(request, by: call.actor))
        }
    }

    private enum Filter {
        static let project = QueryField<String>.text("project", "A project's name.")
        static let status = QueryField<String>.oneOf(
            "status", ["staging", "in_progress", "completed"], "Where the batches stand.")
        static let startTime = QueryField<TimeBound>.time("start_time", "The earliest time of creation.")
        static let endTime = QueryField<TimeBound>.time("end_time", "The latest time of creation.")
        static let completedAfter = QueryField<TimeBound>.time("completed_after", "The earliest time of completion.")
        static let completedBefore = QueryField<TimeBound>.time("completed_before", "The latest time of completion.")
        static let auditedAfter = QueryField<TimeBound>.time("audited_after", "The earliest time of the last verdict.")
        static let auditedBefore = QueryField<TimeBound>.time("audited_before", "The latest time of the last verdict.")
        static let archived = QueryField<Bool>.flag("exclude_archived", "Leaves out what was put away.")
        static let detailed = QueryField<Bool>.flag("detailed", "Accepted for other clients; every answer is detailed.")
        static let limit = QueryField<Int>.integer("limit", 1...100, "The page size; 100 by default.")
        static let offset = QueryField<Int>.integer("offset", 0...1_000_000_000, "How many to pass over.")

        static let all: [any QueryDeclaration] = [
            project, status, startTime, endTime, completedAfter, completedBefore, auditedAfter, auditedBefore, archived,
            detailed, limit, offset,
        ]
    }

    private var list: Endpoint {
        .json(
            .get, "/v1/batches", "batches", .permitted(.batchesRead), "Lists batches, newest first.", query: Filter.all,
            answers: Wire.batchPage
        ) { call in
            var listing = BatchListing()
            listing.project = try call(Filter.project)
            listing.filter.status = try call(Filter.status).flatMap { BatchRow.Status(rawValue: $0) }
            listing.filter.created = .between(try call(Filter.startTime), try call(Filter.endTime))
            listing.filter.completed = .between(try call(Filter.completedAfter), try call(Filter.completedBefore))
            listing.filter.audited = .between(try call(Filter.auditedAfter), try call(Filter.auditedBefore))
            listing.filter.excludeArchived = try call(Filter.archived) ?? false
            listing.limit = try call(Filter.limit) ?? 100
            listing.offset = try call(Filter.offset) ?? 0
            let (rows, total) = try await batches.list(listing, by: call.actor)
            return Self.page(rows, total: total, limit: listing.limit, offset: listing.offset)
        }
    }

    /// All the members that page-number clients look for.
    private static func page(_ rows: [BatchRow], total: Int, limit: Int, offset: Int) -> Reply {
        let page = offset / limit + 1
        let hasMore = offset < total && offset + rows.count < total
        return .object { writer in
            writer.array("docs") { writer in rows.forEach { $0.write(to: &writer) } }
            writer.field("totalDocs", total)
            writer.field("total", total)
            writer.field("limit", limit)
            writer.field("offset", offset)
            writer.field("has_more", hasMore)
            writer.field("totalPages", max(1, (total + limit - 1) / limit))
            writer.field("page", page)
            writer.field("pagingCounter", (page - 1) * limit + 1)
            writer.field("hasPrevPage", page > 1)
            writer.field("hasNextPage", hasMore)
            writer.key("prevPage")
            if page > 1 { writer.value(page - 1) } else { writer.null() }
            writer.key("nextPage")
            if hasMore { writer.value(page + 1) } else { writer.null() }
        }
    }

    private var show: Endpoint {
        .json(
            .get, "/v1/batches/{batch}", "batches", .permitted(.batchesRead), "Returns a batch.", answers: Wire.batch
        ) { call in
            Self.reply(try await batches.batch(call.parameter("batch"), by: call.actor))
        }
    }

    private var status: Endpoint {
        .json(
            .get, "/v1/batches/{batch}/status", "batches", .permitted(.batchesRead),
            "Counts a batch's tasks by where they stand.", answers: Wire.batchStatus
        ) { call in
            let (batch, counts) = try await batches.status(call.parameter("batch"), by: call.actor)
            return .object { writer in
                writer.field("status", batch.status.rawValue)
                guard let counts else { return }
                writer.field("pending", counts.pending)
                writer.field("completed", counts.completed)
                writer.field("error", counts.error)
                writer.field("canceled", counts.canceled)
            }
        }
    }

    private var finalize: Endpoint {
        .json(
            .post, "/v1/batches/{batch}/finalize", "batches", .permitted(.batchesWrite),
            "Launches a staging batch: its tasks go to work.", answers: Wire.batch
        ) { call in
            Self.reply(try await batches.finalize(call.parameter("batch"), by: call.actor))
        }
    }

    private var setMetadata: Endpoint {
        .json(
            .post, "/v1/batches/{batch}/setMetadata", "batches", .permitted(.batchesWrite),
            "Replaces a batch's metadata.", body: .anyObject(bytes: 10 * 1024), answers: Wire.batch
        ) { call, metadata in
            Self.reply(try await batches.setMetadata(call.parameter("batch"), metadata, by: call.actor))
        }
    }

    private var prioritize: Endpoint {
        .json(
            .post, "/v1/batches/{batch}/prioritize", "batches", .permitted(.batchesWrite),
            "Sets a batch's priority.", body: Body.prioritize, answers: Wire.batch
        ) { call, priority in
            Self.reply(try await batches.prioritize(call.parameter("batch"), priority, by: call.actor))
        }
    }

    private static func reply(_ batch: BatchRow) -> Reply {
        var writer = JSONWriter()
        batch.write(to: &writer)
        return .json(writer)
    }
}
