import Foundation
import JSON
import Logging
import Storage

/// Writes one JSON object a line to standard error.
struct StructuredLog: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    private let label: String

    init(label: String, level: Logger.Level) {
        self.label = label
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var writer = JSONWriter(capacity: 256)
        writer.object { writer in
            writer.field("time", time: Timestamp.now().microseconds)
            writer.field("level", event.level.rawValue)
            writer.field("message", event.message.description)
            let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
            for (key, value) in all.sorted(by: { $0.key < $1.key }) {
                writer.key(key)
                writer.value(value.description)
            }
        }
        // A log that cannot be written has nowhere to say so.
        FileHandle.standardError.write(Data(writer.bytes + [0x0A]))
    }
}
