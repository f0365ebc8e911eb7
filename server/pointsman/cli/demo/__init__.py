"""What `pointsman demo` plays with: a sample project and a scripted provider."""
