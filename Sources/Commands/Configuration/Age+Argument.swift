import ArgumentParser
import Presentation

extension Age: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(argument)
    }
}
