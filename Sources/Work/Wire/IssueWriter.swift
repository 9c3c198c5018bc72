package import JSON
package import Labeling

extension SubmissionIssue {
    /// Writes an issue with the key of the object it concerns.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("path", path)
            writer.field("message", message)
            writer.field("key", ifPresent: key)
        }
    }
}
