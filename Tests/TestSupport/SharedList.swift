import Synchronization

/// A list that concurrent parts of a test append to.
package final class SharedList<Element: Sendable>: Sendable {
    private let list = Mutex<[Element]>([])

    /// An empty list.
    package init() {}

    /// What has been appended so far.
    package var elements: [Element] { list.withLock { $0 } }

    /// Appends an element.
    package func append(_ element: Element) {
        list.withLock { $0.append(element) }
    }
}
