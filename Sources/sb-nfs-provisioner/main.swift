import Commands

await SBNFSProvisioner.main()
