// Calls of the service by the JavaScript SDK, one behaviour for each run:
//
//     node behaviours.mjs <behaviour> [<argument> ...]
//
// It prints lines of JSON. The endpoint, the Region and the credentials are in the environment.

import {
  AcceptPageCommand,
  ActivateContactChannelCommand,
  ConflictException,
  CreateContactChannelCommand,
  CreateContactCommand,
  CreateRotationOverrideCommand,
  DescribeEngagementCommand,
  DescribePageCommand,
  GetContactCommand,
  GetRotationOverrideCommand,
  ListEngagementsCommand,
  paginateListContacts,
  ResourceNotFoundException,
  SSMContactsClient,
  SSMContactsServiceException,
  StartEngagementCommand,
  StopEngagementCommand,
  ThrottlingException,
  UpdateContactCommand,
  ValidationException,
} from "@aws-sdk/client-ssm-contacts";

const client = new SSMContactsClient();
const print = (value) => console.log(JSON.stringify(value));
const send = (Command, input = {}) => client.send(new Command(input));
const person = (Alias, more = {}) => ({ Alias, Type: "PERSONAL", Plan: { Stages: [] }, ...more });

// The classes of an error, its members, and the number of attempts.
const printError = async (promise) => {
  try {
    print({ unexpected: await promise });
  } catch (error) {
    const classes = {
      ConflictException,
      ResourceNotFoundException,
      SSMContactsServiceException,
      ThrottlingException,
      ValidationException,
    };
    print({
      is: Object.keys(classes).filter((name) => error instanceof classes[name]),
      name: error.name,
      message: error.message,
      fault: error.$fault,
      status: error.$metadata?.httpStatusCode,
      hasRequestId: Boolean(error.$metadata?.requestId),
      attempts: error.$metadata?.attempts,
      members: Object.fromEntries(
        Object.entries(error).filter(([name]) => /^[A-Z]/.test(name) && name !== "Message"),
      ),
    });
  }
};

const behaviours = {
  async pages(pageSize) {
    const paging = { client, pageSize: Number(pageSize) };
    for await (const page of paginateListContacts(paging, {})) {
      print(page.Contacts.map((contact) => contact.Alias));
    }
  },

  async create(alias, displayName) {
    const created = await send(CreateContactCommand, person(alias, { DisplayName: displayName }));
    const { ContactArn, DisplayName } = await send(GetContactCommand, {
      ContactId: created.ContactArn,
    });
    print({ ContactArn, DisplayName, attempts: created.$metadata.attempts });
  },

  conflict: (alias) => printError(send(CreateContactCommand, person(alias))),

  get: (arn) => printError(send(GetContactCommand, { ContactId: arn })),

  async getWithRetries(arn) {
    const { Alias, $metadata } = await send(GetContactCommand, { ContactId: arn });
    print({ Alias, attempts: $metadata.attempts });
  },

  // The following three runs belong together: between them, the person reads a code.
  async addChannel(alias, phone) {
    const { ContactArn } = await send(CreateContactCommand, person(alias));
    const { ContactChannelArn } = await send(CreateContactChannelCommand, {
      ContactId: ContactArn,
      Name: "phone",
      Type: "SMS",
      DeliveryAddress: { SimpleAddress: phone },
    });
    print({ ContactArn, ContactChannelArn });
  },

  async engage(contactArn, channelArn, code) {
    await send(ActivateContactChannelCommand, {
      ContactChannelId: channelArn,
      ActivationCode: code,
    });
    const Targets = [{ ChannelTargetInfo: { ContactChannelId: channelArn } }];
    await send(UpdateContactCommand, {
      ContactId: contactArn,
      Plan: { Stages: [{ DurationInMinutes: 5, Targets }] },
    });
    const { EngagementArn } = await send(StartEngagementCommand, {
      ContactId: contactArn,
      Sender: "a script",
      Subject: "disk",
      Content: "The disk is full.",
    });
    print({ EngagementArn });
  },

  async accept(pageArn, code) {
    await send(AcceptPageCommand, { PageId: pageArn, AcceptType: "READ", AcceptCode: code });
    const page = await send(DescribePageCommand, { PageId: pageArn });
    const EngagementId = page.EngagementArn;
    const acknowledged = await send(DescribeEngagementCommand, { EngagementId });
    await send(StopEngagementCommand, { EngagementId });
    const stopped = await send(DescribeEngagementCommand, { EngagementId });
    print({
      Content: page.Content,
      isRead: page.ReadTime instanceof Date,
      isStoppedByAcknowledgement: acknowledged.StopTime !== undefined,
      isStopped: stopped.StopTime instanceof Date,
    });
  },

  async times(engagementArn, from, to) {
    const { StartTime } = await send(DescribeEngagementCommand, { EngagementId: engagementArn });
    const TimeRangeValue = { StartTime: new Date(from), EndTime: new Date(to) };
    const { Engagements } = await send(ListEngagementsCommand, { TimeRangeValue });
    print({
      isDate: StartTime instanceof Date,
      StartTime: StartTime.toISOString(),
      found: Engagements.map((each) => each.StartTime.toISOString()),
    });
  },

  async override(rotationArn, contactArn, from, to) {
    const { RotationOverrideId } = await send(CreateRotationOverrideCommand, {
      RotationId: rotationArn,
      NewContactIds: [contactArn],
      StartTime: new Date(from),
      EndTime: new Date(to),
    });
    const { StartTime, EndTime } = await send(GetRotationOverrideCommand, {
      RotationId: rotationArn,
      RotationOverrideId,
    });
    print([StartTime, EndTime].map((time) => time.toISOString()));
  },
};

const [name, ...args] = process.argv.slice(2);
await behaviours[name](...args);
// After a connection reset, a timer of the SDK would keep Node running for three seconds.
process.exit();
