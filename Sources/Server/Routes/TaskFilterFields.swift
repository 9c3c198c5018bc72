import JSON
import Storage
import Work

/// The filters of lists of tasks, as they stand behind the question mark.
enum TaskFilterFields {
    static let project = QueryField<String>.text("project", "A project's name.")
    static let batch = QueryField<String>.text("batch", "A batch's name.")
    static let type = QueryField<String>.text("type", "A task type.")
    static let statuses = QueryField<[String]>.words(
        "status", TaskRow.Status.allCases.map(\.rawValue), "Where the tasks stand; several, or separated by commas.")
    static let startTime = QueryField<TimeBound>.time("start_time", "The earliest time of creation.")
    static let endTime = QueryField<TimeBound>.lastTime("end_time", "The latest time of creation.")
    static let completedAfter = QueryField<TimeBound>.time("completed_after", "The earliest time of completion.")
    static let completedBefore = QueryField<TimeBound>.lastTime("completed_before", "The latest time of completion.")
    static let updatedAfter = QueryField<TimeBound>.time("updated_after", "The earliest time of the last change.")
    static let updatedBefore = QueryField<TimeBound>.lastTime("updated_before", "The latest time of the last change.")
    static let review = QueryField<[String]>.words(
        "customer_review_status", TaskRow.ReviewStatus.allCases.map(\.rawValue), "Verdicts, separated by commas.")
    static let uniqueID = QueryField<[String]>.list("unique_id", "Any of these unique ids.")
    static let tags = QueryField<[String]>.list("tags", "Any of these tags.")
    static let search = QueryField<String>.text(
        "search",
        "Words of unique ids, tags and metadata, all of which a task must have: in quotes as they are, else as beginnings. "
            + "The beginning of a task's id, from 6 digits on, is found as well.", length: 0...200)

    static let all: [any QueryDeclaration] = [
        project, batch, type, statuses, startTime, endTime, completedAfter, completedBefore, updatedAfter,
        updatedBefore,
        review, uniqueID, tags, search,
    ]

    /// What a request asks for.
    static func listing(_ call: Call) throws -> TaskListing {
        var listing = TaskListing()
        listing.project = try call(project)
        listing.batch = try call(batch)
        listing.filter.type = try call(type)
        listing.filter.statuses = (try call(statuses) ?? []).compactMap { TaskRow.Status(rawValue: $0) }
        listing.filter.created = .between(try call(startTime), try call(endTime))
        listing.filter.completed = .between(try call(completedAfter), try call(completedBefore))
        listing.filter.updated = .between(try call(updatedAfter), try call(updatedBefore))
        listing.filter.reviews = (try call(review) ?? []).compactMap { TaskRow.ReviewStatus(rawValue: $0) }
        listing.filter.uniqueIDs = try call(uniqueID) ?? []
        listing.filter.tags = try call(tags) ?? []
        listing.filter.search = try call(search).flatMap { SearchTerms($0) }
        return listing
    }
}
