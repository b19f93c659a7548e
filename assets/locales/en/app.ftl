app-name = Lead Handoff
