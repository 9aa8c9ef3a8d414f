import ArgumentParser
import Backup

extension Age: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(argument)
    }
}
